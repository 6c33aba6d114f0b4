// SPDX-License-Identifier: Apache-2.0
#include "tls_stream.hpp"

#include "certificate.hpp"
#include "socket_bio.hpp"
#include "text.hpp"
#include "tls_context.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <openssl/err.h>

namespace offlineimap::imap {

namespace {

/// The first complaint counts; the ones that follow are its consequences. Called by OpenSSL.
int remember_complaint(int accepted, X509_STORE_CTX* store) noexcept
{
    if (accepted == 1) return 1;
    const auto* connection = static_cast<const SSL*>(
        X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
    auto* verdict = static_cast<TlsStream::Verdict*>(SSL_get_app_data(connection));
    if (verdict && verdict->error == X509_V_OK) {
        verdict->error = X509_STORE_CTX_get_error(store);
        verdict->culprit.reset(X509_STORE_CTX_get_current_cert(store));
        if (verdict->culprit) X509_up_ref(verdict->culprit.get());
    }
    return 0;
}

bool is_address(const std::string& host)
{
    std::array<unsigned char, sizeof(in6_addr)> bytes {};
    return inet_pton(AF_INET, host.c_str(), bytes.data()) == 1
        || inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
}

/// The final dot of an absolute name is neither in certificates nor in SNI.
std::string without_final_dot(std::string host)
{
    if (host.ends_with('.')) host.pop_back();
    return host;
}

/// What arrives is no TLS at all.
bool is_no_tls(int reason)
{
    return reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST
        || reason == SSL_R_PACKET_LENGTH_TOO_LONG || reason == SSL_R_RECORD_TOO_SMALL;
}

int as_int(std::size_t size)
{
    return static_cast<int>(std::min<std::size_t>(size, 1 << 30));
}

}  // namespace

TlsStream::TlsStream(Socket socket, const Endpoint& endpoint, Start start)
    : socket_(std::move(socket))
    , host_(without_final_dot(endpoint.host))
    , context_(make_tls_context(endpoint.tls))
    , connection_(SSL_new(context_.get()))
{
    if (!connection_) throw Error(Errc::internal, joined("start TLS: ", openssl_reason()));
    set_up(endpoint);
    shake_hands(start, std::chrono::steady_clock::now() + endpoint.timeout);
    check_fingerprint(endpoint.tls);
}

TlsStream::~TlsStream()
{
    // Tells the peer that this end is meant; nobody waits for its answer.
    ERR_clear_error();
    if (SSL_is_init_finished(connection_.get())) SSL_shutdown(connection_.get());
    ERR_clear_error();
}

void TlsStream::set_up(const Endpoint& endpoint)
{
    SSL_set_app_data(connection_.get(), &verdict_);
    BIO* bio = make_socket_bio(socket_.descriptor()).release();
    SSL_set_bio(connection_.get(), bio, bio);
    if (!host_.empty() && !is_address(host_))
        SSL_set_tlsext_host_name(connection_.get(), host_.c_str());
    if (!verifies_chain(endpoint.tls)) {
        SSL_set_verify(connection_.get(), SSL_VERIFY_NONE, nullptr);
        return;
    }
    SSL_set_verify(connection_.get(), SSL_VERIFY_PEER, &remember_complaint);
    expect_host(endpoint);
}

void TlsStream::expect_host(const Endpoint& endpoint)
{
    if (host_.empty())
        throw Error(
            Errc::config,
            joined(
                "TLS through ", endpoint.name(),
                ": set remotehost, the name that the certificate must have, or cert_fingerprint"));
    X509_VERIFY_PARAM* parameters = SSL_get0_param(connection_.get());
    X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    const int accepted = is_address(host_)
        ? X509_VERIFY_PARAM_set1_ip_asc(parameters, host_.c_str())
        : X509_VERIFY_PARAM_set1_host(parameters, host_.data(), host_.size());
    if (accepted != 1)
        throw Error(Errc::config, joined("remotehost \"", host_, "\" is no name for TLS"));
}

void TlsStream::shake_hands(Start start, Deadline deadline)
{
    for (;;) {
        ERR_clear_error();
        const int result = SSL_connect(connection_.get());
        if (result == 1) return;
        const int reason = SSL_get_error(connection_.get(), result);
        if (reason != SSL_ERROR_WANT_READ && reason != SSL_ERROR_WANT_WRITE)
            throw handshake_error(start);
        wait({reason == SSL_ERROR_WANT_READ, reason == SSL_ERROR_WANT_WRITE}, deadline);
    }
}

Error TlsStream::handshake_error(Start start) const
{
    const int system_error = errno;
    const std::string what = joined("TLS with ", socket_.peer(), ": ");
    if (verdict_.error != X509_V_OK)
        return {
            Errc::tls,
            joined(
                what, "the server's certificate is refused: ",
                refusal_text(verdict_.error, verdict_.culprit.get(), host_))};
    if (ERR_peek_error() == 0)
        return socket_.gone(
            system_error == 0 ? "closed by the peer during the TLS handshake"
                              : errno_text(system_error));
    const int reason = ERR_GET_REASON(ERR_peek_last_error());
    if (reason == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
        ERR_clear_error();
        return socket_.gone("closed by the peer during the TLS handshake");
    }
    if (is_no_tls(reason) && start == Start::after_command) {
        ERR_clear_error();
        return {Errc::tls, joined(what, "the server does not begin TLS after STARTTLS")};
    }
    if (is_no_tls(reason)) {
        ERR_clear_error();
        return {
            Errc::tls,
            joined(what, "the server does not speak TLS on this port (is this one for STARTTLS?)")};
    }
    return {Errc::tls, joined(what, refusal_reason())};
}

/// The last error of OpenSSL for a person who configures. Alerts are the server's words (RFC 8446
/// section 6.2); which one answers an unwelcome client certificate is up to the server.
std::string TlsStream::refusal_reason() const
{
    const int reason = ERR_GET_REASON(ERR_peek_last_error());
    std::string words = openssl_reason();
    switch (reason) {
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
        return joined(
            "the server speaks no version of TLS that is safe and that ssl_version allows (", words,
            ")");
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
        return joined("the server wants a client certificate: set sslclientcert (", words, ")");
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
        if (asked_for_certificate() && !shows_certificate())
            return joined("the server wants a client certificate: set sslclientcert (", words, ")");
        return words;
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
        if (shows_certificate())
            return joined(
                "the server refuses the client certificate in sslclientcert (", words, ")");
        return words;
    default:
        return words;
    }
}

bool TlsStream::shows_certificate() const noexcept
{
    return SSL_get_certificate(connection_.get()) != nullptr;
}

bool TlsStream::asked_for_certificate() const noexcept
{
    const STACK_OF(X509_NAME)* authorities = SSL_get0_peer_CA_list(connection_.get());
    const unsigned char* types = nullptr;
    return authorities != nullptr || SSL_get0_certificate_types(connection_.get(), &types) > 0;
}

void TlsStream::check_fingerprint(const TlsSettings& settings) const
{
    if (settings.fingerprints.empty()) return;
    const X509* certificate = SSL_get0_peer_certificate(connection_.get());
    if (certificate && is_one_of(*certificate, settings.fingerprints)) return;
    const std::string seen = certificate ? sha256_fingerprint(*certificate) : "missing";
    throw Error(
        Errc::tls,
        joined(
            "TLS with ", socket_.peer(),
            ": the fingerprint (SHA-256) of the server's certificate "
            "is ",
            seen, ", and none of those in cert_fingerprint"));
}

Stream::Progress TlsStream::exchange(Bytes out, std::span<std::byte> in, Deadline deadline)
{
    if (out.empty() && in.empty()) return {};
    socket_.check_cancelled();
    for (;;) {
        Progress progress;
        Wants wants;
        if (!out.empty()) progress.written = write(out, wants);
        if (!in.empty()) progress.read = read(in, wants);
        if (progress.written + progress.read > 0) return progress;
        wait(wants, deadline);
    }
}

std::size_t TlsStream::write(Bytes bytes, Wants& wants)
{
    std::size_t written = 0;
    while (written < bytes.size()) {
        const Bytes rest = bytes.subspan(written);
        ERR_clear_error();
        const int result = SSL_write(connection_.get(), rest.data(), as_int(rest.size()));
        if (result <= 0) {
            // What has gone must be reported; what is wrong will be wrong the next time, too.
            if (written == 0) note(result, wants);
            break;
        }
        written += static_cast<std::size_t>(result);
    }
    return written;
}

std::size_t TlsStream::read(std::span<std::byte> space, Wants& wants)
{
    std::size_t filled = 0;
    while (filled < space.size()) {
        const auto rest = space.subspan(filled);
        ERR_clear_error();
        const int result = SSL_read(connection_.get(), rest.data(), as_int(rest.size()));
        if (result <= 0) {
            if (filled == 0) note(result, wants);
            break;
        }
        filled += static_cast<std::size_t>(result);
    }
    return filled;
}

void TlsStream::note(int result, Wants& wants) const
{
    const int reason = SSL_get_error(connection_.get(), result);
    if (reason == SSL_ERROR_WANT_READ)
        wants.read = true;
    else if (reason == SSL_ERROR_WANT_WRITE)
        wants.write = true;
    else
        fail(reason, "TLS with ");
}

void TlsStream::fail(int reason, std::string_view doing) const
{
    const int system_error = errno;
    if (reason == SSL_ERROR_ZERO_RETURN) throw socket_.gone("closed by the peer");
    const auto code = ERR_peek_last_error();
    if (code == 0 && reason == SSL_ERROR_SYSCALL)
        throw socket_.gone(system_error == 0 ? "closed by the peer" : errno_text(system_error));
    if (ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
        ERR_clear_error();
        throw socket_.gone("cut off by the peer");
    }
    throw Error(Errc::tls, joined(doing, socket_.peer(), ": ", refusal_reason()));
}

void TlsStream::wait(Wants wants, Deadline deadline) const
{
    socket_.wait(
        wants.read && wants.write ? Socket::Wait::both
            : wants.write         ? Socket::Wait::writable
                                  : Socket::Wait::readable,
        deadline);
}

bool TlsStream::loopback() const noexcept
{
    return socket_.route() == Socket::Route::loopback;
}

std::string TlsStream::channel_binding(std::string_view type) const
{
    const bool is_1_3 = SSL_version(connection_.get()) >= TLS1_3_VERSION;
    if (type == "tls-exporter" && is_1_3) {  // RFC 9266
        constexpr std::string_view label = "EXPORTER-Channel-Binding";
        std::array<unsigned char, 32> key {};
        const int done = SSL_export_keying_material(
            connection_.get(), key.data(), key.size(), label.data(), label.size(), nullptr, 0, 1);
        return done == 1 ? std::string(key.begin(), key.end()) : std::string();
    }
    if (type == "tls-unique" && !is_1_3) {  // RFC 5929: the client's Finished, sessions being new
        std::array<unsigned char, 64> finished {};
        const std::size_t size =
            SSL_get_finished(connection_.get(), finished.data(), finished.size());
        return {finished.begin(), finished.begin() + static_cast<std::ptrdiff_t>(size)};
    }
    return {};
}

std::string TlsStream::description() const
{
    return joined(SSL_get_version(connection_.get()), ", ", SSL_get_cipher_name(connection_.get()));
}

}  // namespace offlineimap::imap
