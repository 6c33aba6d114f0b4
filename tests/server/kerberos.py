# SPDX-License-Identifier: Apache-2.0
"""A throw-away Kerberos realm on loopback, by MIT's KDC."""
import os
import pathlib
import shutil
import subprocess
import time

from ports import free_ports

REALM = "TEST.EXAMPLE"
CONFIGURATION = """[libdefaults]
default_realm = {realm}
dns_lookup_kdc = false
dns_lookup_realm = false
dns_canonicalize_hostname = false
rdns = false
[realms]
{realm} = {{
  kdc = 127.0.0.1:{port}
}}
[domain_realm]
localhost = {realm}
"""
KDC = """[kdcdefaults]
kdc_listen = 127.0.0.1:{port}
kdc_tcp_listen = 127.0.0.1:{port}
[realms]
{realm} = {{
  database_name = {dir}/principal
  key_stash_file = {dir}/stash
  acl_file = {dir}/acl
}}
"""
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


def missing():
    """What is not installed, or nothing."""
    tools = [tool for tool in ("krb5kdc", "kdb5_util", "kadmin.local", "kinit")
             if not shutil.which(tool, path=PATH)]
    if not pathlib.Path("/usr/lib/dovecot/modules/auth/libmech_gssapi.so").exists():
        tools.append("dovecot-gssapi")
    return ", ".join(tools)


class Kerberos:
    """`environment` is what programs need to be in the realm; `keytab` holds the key of imap/localhost."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.keytab = self.directory / "keytab"
        self.environment = {**os.environ, "PATH": PATH,
                            "KRB5_CONFIG": str(self.directory / "krb5.conf"),
                            "KRB5_KDC_PROFILE": str(self.directory / "kdc.conf"),
                            "KRB5CCNAME": f"FILE:{self.directory}/tickets"}
        self.process = None

    def __enter__(self):
        self.port, = free_ports()
        for name, text in (("krb5.conf", CONFIGURATION), ("kdc.conf", KDC)):
            (self.directory / name).write_text(
                text.format(realm=REALM, port=self.port, dir=self.directory))
        self.run("kdb5_util", "create", "-s", "-P", "master")
        self.admin("addprinc -pw secret joe")
        self.admin("addprinc -randkey imap/localhost")
        self.admin(f"ktadd -k {self.keytab} imap/localhost")
        self.keytab.chmod(0o644)  # Dovecot's auth process is another user
        log = self.directory / "kdc.log"
        with log.open("w") as output:
            self.process = subprocess.Popen(["krb5kdc", "-n"], env=self.environment,
                                            stdout=output, stderr=output)
        self.await_answer(log)
        return self

    def __exit__(self, *_):
        if self.process:
            self.process.terminate()
            self.process.wait()

    def run(self, *command, **settings):
        return subprocess.run(command, env=self.environment, check=True, capture_output=True,
                              text=True, timeout=60, **settings)

    def admin(self, query):
        self.run("kadmin.local", "-q", query)

    def await_answer(self, log):
        refusal, until = "", time.monotonic() + 30
        while self.process.poll() is None and time.monotonic() < until:
            try:
                self.get_ticket()
                return self.drop_ticket()
            except subprocess.CalledProcessError as error:
                refusal = error.stderr
                time.sleep(0.1)
        self.__exit__()
        raise RuntimeError(f"the KDC does not answer at port {self.port}: {refusal}{log.read_text()}")

    def get_ticket(self):
        self.run("kinit", "joe", input="secret\n")

    def drop_ticket(self):
        self.run("kdestroy")
