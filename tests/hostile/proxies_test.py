# SPDX-License-Identifier: Apache-2.0
"""The whole program through real proxies, and to a host whose one address is dead."""
import socket
import tempfile
import unittest

from ground import PLAIN, Run, Scene  # first: it finds what lies beside tests/server
import proxies
from interface import forms_of
from ports import free_ports


def by_name(scene):
    rc = scene.account.rc
    rc.write_text(rc.read_text().replace("remotehost = 127.0.0.1", "remotehost = localhost"))


class Ways(unittest.TestCase):
    def scene(self):
        directory = tempfile.TemporaryDirectory(prefix="offlineimap-proxy-")
        self.addCleanup(directory.cleanup)
        return Scene(directory.name).prepare()

    def skip_unless_there_is_ipv6(self):
        """libcurl gives localhost both addresses, whatever /etc/hosts says."""
        try:
            socket.create_server(("::1", 0), family=socket.AF_INET6).close()
        except OSError:
            self.skipTest("this machine has no ::1")

    def proxy(self, kind, *who):
        if not kind.program():
            self.skipTest(f"{kind.PROGRAM} is not installed")
        directory = tempfile.TemporaryDirectory(prefix="offlineimap-proxy-")
        self.addCleanup(directory.cleanup)
        proxy = kind(directory.name, *who)
        self.enterContext(proxy)
        return proxy

    def run_through(self, setting):
        scene = self.scene()
        with scene.server:
            scene.configure(remote=f"{PLAIN}\nproxy = {setting}")
            if setting.startswith(("SOCKS4A", "SOCKS5H")):  # names go to the proxy
                by_name(scene)
            done = Run(scene.account)
        return scene, done

    def assert_synced(self, setting):
        scene, done = self.run_through(setting)
        self.assertEqual(done.code, 0, done.output)
        self.assertEqual(scene.local(), scene.remote())

    def test_socks4_and_5_through_dante(self):
        proxy = self.proxy(proxies.Dante)
        for kind in ("SOCKS4", "SOCKS5", "SOCKS5H"):
            with self.subTest(kind):
                self.assert_synced(f"{kind}:127.0.0.1:{proxy.port}")

    def test_socks4a_asks_the_proxy_for_the_name(self):
        proxy = self.enterContext(proxies.Socks4a())
        self.assert_synced(f"SOCKS4A:joe@127.0.0.1:{proxy.port}")
        self.assertEqual(proxy.asked[0], (b"\x04\x01", b"\0\0\0", b"joe", b"localhost"))

    def test_socks5_with_sign_in_through_microsocks(self):
        proxy = self.proxy(proxies.Microsocks, "joe", "proxy-secret")
        for kind in ("SOCKS5", "SOCKS5H"):
            self.assert_synced(f"{kind}:joe:proxy-secret@127.0.0.1:{proxy.port}")

    def test_a_socks_proxy_that_refuses_us(self):
        proxy = self.proxy(proxies.Microsocks, "joe", "proxy-secret")
        for who in ("", "joe:wrong-secret@"):
            _, done = self.run_through(f"SOCKS5:{who}127.0.0.1:{proxy.port}")
            self.assertEqual(done.code, 5, done.output)
            self.assertIn("through the proxy", done.output)
            self.assertNotIn("secret", done.output)

    def test_http_connect_through_tinyproxy(self):
        proxy = self.proxy(proxies.Tinyproxy)
        self.assert_synced(f"HTTP:127.0.0.1:{proxy.port}")

    def test_http_connect_with_sign_in_through_tinyproxy(self):
        proxy = self.proxy(proxies.Tinyproxy, "joe", "proxy-secret")
        self.assert_synced(f"HTTP:joe:proxy-secret@127.0.0.1:{proxy.port}")

    def test_an_http_proxy_that_refuses_us(self):
        proxy = self.proxy(proxies.Tinyproxy, "joe", "proxy-secret")
        for who in ("", "joe:wrong-secret@"):
            _, done = self.run_through(f"HTTP:{who}127.0.0.1:{proxy.port}")
            self.assertEqual(done.code, 5, done.output)
            self.assertIn("through the proxy", done.output)
            self.assertNotIn("secret", done.output)

    def test_a_proxy_that_is_not_there(self):
        port, = free_ports()
        for kind in ("SOCKS4", "SOCKS5", "HTTP"):
            _, done = self.run_through(f"{kind}:127.0.0.1:{port}")
            self.assertEqual(done.code, 5, done.output)

    # ------------------------------------------------------------------ what is seen of it

    def assert_nowhere(self, scene, run, *secrets):
        """Neither in what it prints nor in what it writes, but for the configuration."""
        written = [file.read_bytes() for file in scene.directory.rglob("*")
                   if file.is_file() and file != scene.account.rc]
        for text in [run.output.encode(errors="surrogateescape"), *written]:
            for secret in secrets:
                for form in forms_of(secret):
                    at = text.find(form)
                    self.assertEqual(at, -1, text[max(0, at - 200):at + 80])

    def look_on(self, setting, ui, *arguments):
        scene = self.scene()
        with scene.server:
            scene.configure(remote=f"{PLAIN}\nproxy = {setting.replace('%', '%%')}")
            log, trace = scene.directory / "log", scene.directory / "trace"
            run = Run(scene.account, "-u", ui, "-d", "all", "-l", str(log), "-P", str(trace),
                      *arguments)
        return scene, run

    def test_nobody_sees_who_signs_in_at_it(self):
        """A proxy that takes it, one that does not, one that is not there, one that cannot be."""
        password = "hush-of-the-proxy"
        socks = self.proxy(proxies.Microsocks, "joe", password)
        http = self.proxy(proxies.Tinyproxy, "joe", password)
        nobody, = free_ports()
        for ui in ("basic", "json", "machineui", "quiet"):
            for setting, code, secret in (
                    (f"SOCKS5:joe:{password}@127.0.0.1:{socks.port}", 0, password),
                    (f"HTTP:joe:{password}@127.0.0.1:{http.port}", 0, password),
                    (f"http://joe:{password}@127.0.0.1:{http.port}", 0, password),
                    (f"SOCKS5:joe:other-{password}@127.0.0.1:{socks.port}", 5, password),
                    (f"HTTP:joe:other-{password}@127.0.0.1:{http.port}", 5, password),
                    (f"SOCKS5:joe:{password}@127.0.0.1:{nobody}", 5, password),
                    (f"HTTP:joe:{password}@no such host:1", 5, password),
                    (f"HTTP://joe:{password}@127.0.0.1/x:1", 5, password),
                    (f"SOCKS5:joe:{password}@127.0.0.1", 3, password),
                    (f"SHOCKS5:joe:{password}@127.0.0.1:{socks.port}", 3, password)):
                with self.subTest(ui=ui, setting=setting):
                    scene, run = self.look_on(setting, ui)
                    self.assertEqual(run.code, code, run.output)
                    self.assert_nowhere(scene, run, secret)

    def test_nor_when_asked_what_there_is(self):
        password = "hush-of-the-proxy"
        http = self.proxy(proxies.Tinyproxy, "joe", password)
        for words in (["--info"], ["--dry-run"]):
            with self.subTest(words):
                scene, run = self.look_on(f"HTTP:joe:{password}@127.0.0.1:{http.port}", "basic", *words)
                self.assertEqual(run.code, 0, run.output)
                self.assert_nowhere(scene, run, password)

    def test_a_password_of_any_kind(self):
        for password in ("with blank", "a@b", "a:b", "a/b?c#d", "100%", "gr\u00fc\u00dfe", "~'$&()*+,;=!"):
            with self.subTest(password):
                proxy = self.proxy(proxies.Microsocks, "joe", password)
                self.assert_synced(f"SOCKS5:joe:{password.replace('%', '%%')}@127.0.0.1:{proxy.port}")

    def test_a_host_of_which_one_address_is_dead(self):
        self.skip_unless_there_is_ipv6()
        for address in ("127.0.0.1", "::1"):
            with self.subTest(address):
                scene = self.scene()
                scene.server.address = address
                with scene.server:
                    scene.configure()
                    by_name(scene)
                    done = Run(scene.account)
                self.assertEqual(done.code, 0, done.output)
                self.assertEqual(scene.local(), scene.remote())

    def test_a_host_of_which_one_address_swallows_everything(self):
        """Both are tried at the same time, so that nobody waits for the dead one."""
        self.skip_unless_there_is_ipv6()
        scene = self.scene()
        with scene.server, socket.socket(socket.AF_INET6) as full:
            full.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            full.bind(("::1", scene.server.port))
            full.listen(0)
            waiting = [socket.socket(socket.AF_INET6) for _ in range(3)]
            for one in waiting:  # its queue is full, and what comes next is dropped
                one.setblocking(False)
                one.connect_ex(("::1", scene.server.port))
            scene.configure(general="socktimeout = 30")
            by_name(scene)
            done = Run(scene.account)
            for one in waiting:
                one.close()
        self.assertEqual(done.code, 0, done.output)
        self.assertLess(done.seconds, 10)


if __name__ == "__main__":
    unittest.main(verbosity=1)
