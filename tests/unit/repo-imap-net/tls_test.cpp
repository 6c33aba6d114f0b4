// SPDX-License-Identifier: Apache-2.0
#include "fakes.hpp"
#include "net/certificate.hpp"
#include "net/sasl.hpp"
#include "scram_server.hpp"
#include "tls_server.hpp"

#include <gmock/gmock.h>
#include <sys/socket.h>

namespace offlineimap::imap {
namespace {

using namespace test;
using testing::AllOf;
using testing::HasSubstr;

class Tls : public testing::Test {
protected:
    Tls() { endpoint.host = "localhost"; }
    /// Serves one connection with this certificate, and looks at it as `endpoint` says.
    std::unique_ptr<Stream> connect_to(const Identity& identity)
    {
        serving.identity = &identity;
        server.emplace([this](int socket) { serve_tls(socket, serving); });
        endpoint.port = server->port();
        return connect(endpoint, cancel, host);
    }
    Error refusal_of(const Identity& identity)
    {
        return error_of([&] { connect_to(identity); });
    }
    void trust(const Identity& identity)
    {
        endpoint.tls.authorities = scratch.write_certificate(identity, "ca.pem");
    }
    Identity issue(IdentityRequest request = {})
    {
        request.issuer = &authority;
        return make_identity(request);
    }
    std::string fingerprint_like(const Identity& identity, std::size_t digits)
    {
        return fingerprint(*identity.certificate, std::string(digits, '0'));
    }

    FakeCancel cancel;
    FakeHost host;
    ScratchFolder scratch;
    Identity authority = make_identity({});
    Identity good = issue();
    TlsServing serving;
    Endpoint endpoint;
    std::optional<OneShotServer> server;
};

TEST_F(Tls, talks_to_a_server_that_a_known_authority_vouches_for)
{
    trust(authority);
    for (const char* name : {"localhost", "127.0.0.1", "LocalHost"}) {
        endpoint.host = name;
        const auto stream = connect_to(good);
        write_all(*stream, "a1 NOOP\r\n");
        EXPECT_EQ(read_exactly(*stream, 9), "a1 NOOP\r\n");
        EXPECT_TRUE(stream->encrypted());
        EXPECT_TRUE(stream->loopback());
        EXPECT_THAT(stream->description(), HasSubstr("TLSv1.3"));
    }
}

TEST_F(Tls, refuses_an_expired_certificate)
{
    trust(authority);
    const Error error = refusal_of(issue({.valid_from = -900'000, .valid_to = -800'000}));
    EXPECT_EQ(error.code(), Errc::tls);
    EXPECT_THAT(error.what(), HasSubstr("certificate is refused: it expired on 20"));
}

TEST_F(Tls, refuses_a_certificate_of_tomorrow)
{
    trust(authority);
    const Error error = refusal_of(issue({.valid_from = 100'000, .valid_to = 900'000}));
    EXPECT_THAT(error.what(), HasSubstr("it is valid from 20"));
}

TEST_F(Tls, refuses_a_certificate_for_somebody_else)
{
    trust(authority);
    const Error error = refusal_of(issue({"DNS:other.example,DNS:third.example,IP:192.0.2.1"}));
    EXPECT_EQ(error.code(), Errc::tls);
    EXPECT_THAT(
        error.what(),
        HasSubstr("it is for other.example, third.example, 192.0.2.1, not for localhost"));
}

TEST_F(Tls, refuses_an_address_that_is_not_in_the_certificate)
{
    trust(authority);
    endpoint.host = "127.0.0.1";
    const Error error = refusal_of(issue({"DNS:localhost,DNS:127.0.0.1"}));
    EXPECT_THAT(error.what(), HasSubstr("not for 127.0.0.1"));
}

TEST_F(Tls, refuses_an_unknown_authority)
{
    const Identity stranger = make_identity({.name = "Stranger"});
    trust(stranger);
    const Error error = refusal_of(good);
    EXPECT_EQ(error.code(), Errc::tls);
    EXPECT_THAT(error.what(), HasSubstr("its issuer is not known here: CN=Test Authority"));
}

TEST_F(Tls, verifies_with_the_systems_authorities_by_default)
{
    EXPECT_THAT(refusal_of(good).what(), HasSubstr("its issuer is not known here"));
    EXPECT_THAT(refusal_of(authority).what(), HasSubstr("it is self-signed and not known here"));
}

TEST_F(Tls, the_servers_own_certificate_may_be_the_trusted_one)
{
    trust(good);
    EXPECT_NO_THROW(connect_to(good));
}

TEST_F(Tls, a_fingerprint_alone_decides)
{
    const Identity odd =
        make_identity({.alternative_names = "DNS:other.example", .valid_to = -1000});
    for (const std::size_t digits : {40U, 56U, 64U, 96U, 128U}) {
        endpoint.tls.fingerprints = {std::string(64, '0'), fingerprint_like(odd, digits)};
        EXPECT_NO_THROW(connect_to(odd)) << digits;
    }
}

TEST_F(Tls, a_wrong_fingerprint_is_refused_and_the_right_one_told)
{
    endpoint.tls.fingerprints = {fingerprint_like(authority, 64)};
    const Error error = refusal_of(good);
    EXPECT_EQ(error.code(), Errc::tls);
    EXPECT_THAT(error.what(), HasSubstr(sha256_fingerprint(*good.certificate)));
}

TEST_F(Tls, authority_and_fingerprint_must_both_agree)
{
    trust(authority);
    endpoint.tls.fingerprints = {fingerprint_like(authority, 64)};
    EXPECT_THAT(refusal_of(good).what(), HasSubstr("none of those in cert_fingerprint"));
    endpoint.tls.fingerprints = {fingerprint_like(good, 64)};
    EXPECT_NO_THROW(connect_to(good));
    trust(make_identity({.name = "Stranger"}));
    EXPECT_THAT(refusal_of(good).what(), HasSubstr("issuer is not known"));
}

TEST_F(Tls, the_systems_authorities_count_beside_a_fingerprint_when_asked_for)
{
    endpoint.tls.authorities = system_authorities;
    endpoint.tls.fingerprints = {fingerprint_like(good, 64)};
    EXPECT_THAT(refusal_of(good).what(), HasSubstr("issuer is not known"));
}

TEST_F(Tls, shows_a_client_certificate)
{
    trust(authority);
    serving.client_authority = &authority;
    const Identity own = issue({"DNS:me.example"});
    endpoint.tls.client_certificate = scratch.write_certificate(own, "me.pem");
    endpoint.tls.client_key = scratch.write_key(own, "me.key");
    const auto stream = connect_to(good);
    write_all(*stream, "hello");
    EXPECT_EQ(read_exactly(*stream, 5), "hello");
}

TEST_F(Tls, a_missing_client_certificate_is_the_servers_refusal)
{
    trust(authority);
    serving.client_authority = &authority;
    const Error error = error_of([&] {
        const auto stream = connect_to(good);  // TLS 1.3 tells with the first read
        throw read_error(*stream);
    });
    EXPECT_EQ(error.code(), Errc::tls);
    EXPECT_THAT(error.what(), HasSubstr("certificate required"));
}

TEST_F(Tls, an_encrypted_client_key_is_not_asked_for_on_the_terminal)
{
    trust(authority);
    const Identity own = issue();
    endpoint.tls.client_certificate = scratch.write_certificate(own, "me.pem");
    endpoint.tls.client_key = scratch.write_encrypted_key(own, "me.key");
    const Error error = refusal_of(good);
    EXPECT_EQ(error.code(), Errc::config);
    EXPECT_THAT(error.what(), AllOf(HasSubstr("sslclientkey"), HasSubstr("me.key")));
}

TEST_F(Tls, refuses_old_protocols)
{
    trust(authority);
    serving.highest_version = TLS1_1_VERSION;
    const Error error = refusal_of(good);
    EXPECT_EQ(error.code(), Errc::tls);
    EXPECT_THAT(error.what(), HasSubstr("protocol version"));
}

TEST_F(Tls, versions_are_those_asked_for)
{
    trust(authority);
    endpoint.tls.versions = TlsVersions::only_1_2;
    EXPECT_THAT(connect_to(good)->description(), HasSubstr("TLSv1.2"));
    endpoint.tls.versions = TlsVersions::only_1_3;
    serving.highest_version = TLS1_2_VERSION;
    EXPECT_EQ(refusal_of(good).code(), Errc::tls);
}

TEST_F(Tls, channel_bindings_are_those_of_the_server)
{
    trust(authority);
    std::string seen(32, '\0');
    serving.talk = [&](SSL* connection) {
        SSL_export_keying_material(
            connection, reinterpret_cast<unsigned char*>(seen.data()), seen.size(),
            "EXPORTER-Channel-Binding", 24, nullptr, 0, 1);
    };
    auto stream = connect_to(good);
    server->join();
    EXPECT_EQ(stream->channel_binding("tls-exporter"), seen);
    EXPECT_EQ(stream->channel_binding("tls-unique"), "");

    serving.highest_version = TLS1_2_VERSION;
    serving.talk = [&](SSL* connection) {
        seen.resize(64);
        seen.resize(SSL_get_peer_finished(connection, seen.data(), seen.size()));
    };
    stream = connect_to(good);
    server->join();
    EXPECT_EQ(stream->channel_binding("tls-unique"), seen);
    EXPECT_EQ(stream->channel_binding("tls-exporter"), "");
}

TEST_F(Tls, scram_is_bound_to_the_channel_of_tls_1_3)
{
    trust(authority);
    std::string exported(32, '\0');
    serving.talk = [&](SSL* connection) {
        SSL_export_keying_material(
            connection, reinterpret_cast<unsigned char*>(exported.data()), exported.size(),
            "EXPORTER-Channel-Binding", 24, nullptr, 0, 1);
    };
    const auto stream = connect_to(good);
    server->join();
    for (const auto hash : {ScramHash::sha_1, ScramHash::sha_256}) {
        const std::string name = hash == ScramHash::sha_1 ? "SCRAM-SHA-1" : "SCRAM-SHA-256";
        SaslRequest request;
        request.user = "user";
        request.offered = {name, name + "-PLUS"};
        ASSERT_EQ(sasl_mechanisms(request, *stream).front(), name + "-PLUS");
        ScramServer scram(hash, "pencil");
        const auto client = sasl_client(name + "-PLUS", request, *stream, host);
        const auto last = client->step(scram.first(*client->initial_response()));
        EXPECT_EQ(client->step(scram.last(last)), "");
        EXPECT_TRUE(scram.client_proved() && client->done());
        EXPECT_EQ(scram.bound_to(), "p=tls-exporter,," + exported);
    }
}

TEST_F(Tls, an_end_without_notice_is_a_lost_connection)
{
    trust(authority);
    serving.talk = [](SSL*) {};  // the socket is closed behind the handshake
    const auto stream = connect_to(good);
    const Error error = read_error(*stream);
    EXPECT_EQ(error.code(), Errc::network);
    EXPECT_THAT(error.what(), HasSubstr("by the peer"));
}

TEST_F(Tls, a_server_without_tls_is_told_from_one_with)
{
    server.emplace([](int socket) {
        const std::string greeting = "* OK ready\r\n";
        send(socket, greeting.data(), greeting.size(), MSG_NOSIGNAL);
        std::array<char, 1024> space {};
        while (recv(socket, space.data(), space.size(), 0) > 0) { }
    });
    endpoint.port = server->port();
    const Error error = error_of([&] { connect(endpoint, cancel, host); });
    EXPECT_EQ(error.code(), Errc::tls);
    EXPECT_THAT(error.what(), HasSubstr("does not speak TLS on this port"));
}

TEST_F(Tls, a_stalled_handshake_ends_at_the_deadline)
{
    server.emplace([](int socket) {
        std::array<char, 1024> space {};
        while (recv(socket, space.data(), space.size(), 0) > 0) { }
    });
    endpoint.port = server->port();
    endpoint.timeout = std::chrono::milliseconds(50);
    EXPECT_EQ(error_of([&] { connect(endpoint, cancel, host); }).code(), Errc::timeout);
}

/// A byte now and then is no answer.
TEST_F(Tls, a_handshake_that_never_comes_to_an_end_ends_at_the_deadline)
{
    server.emplace([](int socket) {
        const std::string_view record("\x16\x03\x03\x40\x00\x02\x00\x3f\xfc", 9);
        send(socket, record.data(), record.size(), MSG_NOSIGNAL);
        for (int i = 0; i < 100 && send(socket, "x", 1, MSG_NOSIGNAL) == 1; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
    });
    endpoint.port = server->port();
    endpoint.timeout = std::chrono::milliseconds(300);
    const Error error = error_of([&] { connect(endpoint, cancel, host); });
    EXPECT_EQ(error.code(), Errc::timeout);
}

TEST_F(Tls, a_record_that_never_comes_to_an_end_ends_at_the_deadline)
{
    trust(authority);
    serving.talk = [](SSL* ssl) {
        const std::string_view record("\x17\x03\x03\x40\x00", 5);
        const int socket = SSL_get_fd(ssl);
        send(socket, record.data(), record.size(), MSG_NOSIGNAL);
        for (int i = 0; i < 100 && send(socket, "x", 1, MSG_NOSIGNAL) == 1; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
    };
    const auto stream = connect_to(good);
    std::vector<std::byte> space(1000);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(300);
    const Error error = error_of([&] { (void)stream->exchange({}, space, deadline); });
    EXPECT_EQ(error.code(), Errc::timeout);
}

TEST_F(Tls, a_stalled_handshake_ends_with_cancel)
{
    server.emplace([this](int socket) {
        cancel.pull();
        std::array<char, 1024> space {};
        while (recv(socket, space.data(), space.size(), 0) > 0) { }
    });
    endpoint.port = server->port();
    EXPECT_EQ(error_of([&] { connect(endpoint, cancel, host); }).code(), Errc::cancelled);
}

TEST_F(Tls, large_transfers_in_both_directions_do_not_block_each_other)
{
    trust(authority);
    const auto stream = connect_to(good);
    const std::string all(3 << 20, 'x');
    std::string back(all.size(), '\0');
    std::size_t sent = 0, received = 0;
    while (received < all.size()) {
        const auto progress = stream->exchange(
            bytes_of(all).subspan(sent), std::as_writable_bytes(std::span(back)).subspan(received),
            soon());
        sent += progress.written;
        received += progress.read;
    }
    EXPECT_EQ(back, all);
}

TEST_F(Tls, starts_on_a_plain_connection)
{
    trust(authority);
    serving.identity = &good;
    server.emplace([this](int socket) { serve_tls(socket, serving); });
    endpoint.port = server->port();
    endpoint.security = Security::starttls;
    auto stream = connect(endpoint, cancel, host);
    EXPECT_FALSE(stream->encrypted());
    stream = start_tls(std::move(stream), endpoint);
    EXPECT_TRUE(stream->encrypted());
    write_all(*stream, "hello");
    EXPECT_EQ(read_exactly(*stream, 5), "hello");
}

}  // namespace
}  // namespace offlineimap::imap
