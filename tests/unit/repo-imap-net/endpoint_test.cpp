// SPDX-License-Identifier: Apache-2.0
#include "fakes.hpp"

#include <gmock/gmock.h>

namespace offlineimap::imap {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;

using Values = std::map<std::string, std::string, std::less<>>;

Endpoint read(Values values)
{
    values.try_emplace("remotehost", "imap.example.org");
    return endpoint_from(FakeSettings(std::move(values)));
}

std::string refusal(Values values)
{
    const Error error = error_of([&] { read(std::move(values)); });
    EXPECT_EQ(error.code(), Errc::config);
    return error.what();
}

TEST(Endpoint, is_tls_on_993_by_default)
{
    const Endpoint endpoint = read({});
    EXPECT_EQ(endpoint.name(), "imap.example.org:993");
    EXPECT_EQ(endpoint.security, Security::tls);
    EXPECT_EQ(endpoint.timeout, std::chrono::seconds(60));
}

TEST(Endpoint, without_ssl_is_starttls_on_143_until_that_is_switched_off_too)
{
    const Endpoint endpoint = read({{"ssl", "no"}});
    EXPECT_EQ(endpoint.port, 143);
    EXPECT_EQ(endpoint.security, Security::starttls);
    EXPECT_EQ(read({{"ssl", "no"}, {"starttls", "no"}}).security, Security::none);
}

TEST(Endpoint, ports_are_checked)
{
    EXPECT_EQ(read({{"remoteport", "1993"}}).port, 1993);
    EXPECT_THAT(refusal({{"remoteport", "65536"}}), HasSubstr("rc:remoteport"));
    EXPECT_THAT(refusal({{"remoteport", "-1"}}), HasSubstr("from 1 to 65535"));
}

TEST(Endpoint, a_host_is_needed_but_for_a_tunnel)
{
    EXPECT_THAT(refusal({{"remotehost", ""}}), HasSubstr("remotehost is missing"));
    EXPECT_THAT(refusal({{"remotehost", "a@b/c"}}), HasSubstr("not the name of a host"));
    EXPECT_THAT(refusal({{"remotehost", "\xff.example"}}), HasSubstr("no host can have this name"));
    EXPECT_THAT(refusal({{"remotehost", "☃..example"}}), HasSubstr("no host can have this name"));
    EXPECT_EQ(read({{"remotehost", "imap.Bücher.example"}}).host, "imap.xn--bcher-kva.example");
    EXPECT_EQ(read({{"remotehost", "faß.example"}}).host, "xn--fa-hia.example");
    const Endpoint endpoint = read({{"remotehost", ""}, {"preauthtunnel", "ssh host imapd"}});
    EXPECT_EQ(endpoint.tunnel, "ssh host imapd");
    EXPECT_TRUE(endpoint.preauthenticated);
    EXPECT_EQ(endpoint.security, Security::none);
    EXPECT_FALSE(read({{"transporttunnel", "nc host 143"}}).preauthenticated);
    EXPECT_THAT(
        refusal({{"preauthtunnel", "a"}, {"transporttunnel", "b"}}), HasSubstr("only one of"));
}

TEST(Endpoint, fingerprints_are_written_in_many_ways)
{
    const std::string digits(40, 'a');
    std::string colons;
    for (int i = 0; i < 20; ++i)
        colons += i ? ":AA" : " AA";
    EXPECT_THAT(
        read({{"cert_fingerprint", digits + "," + colons}}).tls.fingerprints,
        ElementsAre(digits, digits));
    EXPECT_THAT(refusal({{"cert_fingerprint", "abc"}}), HasSubstr("\"abc\" is not"));
    EXPECT_THAT(refusal({{"cert_fingerprint", std::string(40, 'g')}}), HasSubstr("hexadecimal"));
}

TEST(Endpoint, insecure_versions_are_refused_by_name)
{
    EXPECT_EQ(read({{"ssl_version", "tls1_2"}}).tls.versions, TlsVersions::only_1_2);
    EXPECT_EQ(read({{"ssl_version", "ssl23"}}).tls.versions, TlsVersions::from_1_2);
    for (const char* old : {"ssl2", "ssl3", "tls1", "tls1_1"})
        EXPECT_THAT(
            refusal({{"ssl_version", old}}),
            HasSubstr("rc:ssl_version: ssl_version: " + std::string(old) + " is not safe"));
    EXPECT_THAT(refusal({{"ssl_version", "tls9"}}), HasSubstr("unknown version \"tls9\""));
}

TEST(Endpoint, authorities_are_a_file_that_exists_or_the_systems)
{
    EXPECT_EQ(read({{"sslcacertfile", "/etc/passwd"}}).tls.authorities, "/etc/passwd");
    EXPECT_EQ(read({{"sslcacertfile", "OS-DEFAULT"}}).tls.authorities, system_authorities);
    EXPECT_THAT(refusal({{"sslcacertfile", "/no/such"}}), HasSubstr("there is no file /no/such"));
    EXPECT_THAT(refusal({{"sslclientkey", "/etc/passwd"}}), HasSubstr("needs its certificate"));
}

TEST(Endpoint, proxies_are_written_as_of_old_or_as_url)
{
    EXPECT_EQ(read({{"proxy", "SOCKS5:localhost:9050"}}).proxy, "socks5://localhost:9050");
    EXPECT_EQ(read({{"proxy", "HTTP:10.0.0.1:3128"}}).proxy, "http://10.0.0.1:3128");
    EXPECT_EQ(read({{"proxy", "socks5h://u:p@host:1"}}).proxy, "socks5h://u:p@host:1");
    EXPECT_THAT(refusal({{"proxy", "FTP:host:1"}}), HasSubstr("SOCKS5"));
    EXPECT_THAT(refusal({{"proxy", "HTTP:host"}}), HasSubstr("host and port are missing"));
    EXPECT_THAT(refusal({{"proxy", "HTTP"}}), HasSubstr("host and port are missing"));
}

TEST(Endpoint, a_proxys_password_may_hold_anything)
{
    const auto url = [](const std::string& who) {
        return read({{"proxy", "SOCKS5:" + who + "@host:1"}}).proxy;
    };
    EXPECT_EQ(url("joe:secret"), "socks5://joe:secret@host:1");
    EXPECT_EQ(url("joe:a b/c?d#e@f:g"), "socks5://joe:a%20b%2Fc%3Fd%23e%40f:g@host:1");
    EXPECT_EQ(url("joe:100%"), "socks5://joe:100%25@host:1");
    EXPECT_EQ(url("joe:a%40b"), "socks5://joe:a%40b@host:1") << "written as in a URL";
    EXPECT_EQ(url("jo\xc3\xab:x"), "socks5://jo%C3%AB:x@host:1");
}

TEST(Endpoint, what_is_said_of_a_proxy_does_not_tell_who_signs_in)
{
    const std::string_view proxy = "http://joe:hush@host:1";
    EXPECT_EQ(
        without_credentials("bad 'http://joe:hush@host:1'", proxy), "bad 'http://...@host:1'");
    EXPECT_EQ(without_credentials("hush, hush", proxy), "..., ...");
    EXPECT_EQ(without_credentials("refused", proxy), "refused");
    EXPECT_EQ(without_credentials("a...b", "http://...@host:1"), "a...b");
    EXPECT_EQ(without_credentials("refused", "http://host:1"), "refused");
    EXPECT_EQ(without_credentials("refused", "http://@host:1"), "refused");
}

TEST(Endpoint, the_address_family_may_be_left_open)
{
    EXPECT_EQ(read({}).family, AddressFamily::any);
    EXPECT_EQ(read({{"ipv6", "yes"}}).family, AddressFamily::ipv6);
    EXPECT_EQ(read({{"ipv6", "no"}}).family, AddressFamily::ipv4);
}

TEST(Endpoint, silence_has_an_end_even_when_none_is_set)
{
    EXPECT_EQ(read({{"socktimeout", "0"}}).timeout, std::chrono::seconds(60));
    EXPECT_EQ(read({{"socktimeout", "7"}}).timeout, std::chrono::seconds(7));
}

}  // namespace
}  // namespace offlineimap::imap
