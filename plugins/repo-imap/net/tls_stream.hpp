// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "endpoint.hpp"
#include "openssl.hpp"
#include "socket.hpp"

#include <optional>

namespace offlineimap::imap {

/// TLS as a client over a socket. The constructor does the handshake and verifies the server;
/// throws tls, network, timeout, cancelled, config.
class TlsStream final : public Stream {
public:
    /// What comes before the handshake: nothing, or STARTTLS.
    enum class Start : std::uint8_t { at_once, after_command };

    TlsStream(Socket socket, const Endpoint& endpoint, Start start = Start::at_once);
    ~TlsStream() override;

    Progress exchange(Bytes out, std::span<std::byte> in, Deadline deadline) override;
    void wake_on(int descriptor) noexcept override { socket_.wake_on(descriptor); }
    [[nodiscard]] bool encrypted() const noexcept override { return true; }
    [[nodiscard]] bool loopback() const noexcept override;
    [[nodiscard]] std::string channel_binding(std::string_view type) const override;
    [[nodiscard]] std::string description() const override;

    /// What the verification of the server's certificate found wrong; filled within a C callback.
    struct Verdict {
        int error = X509_V_OK;
        OpenSsl<X509> culprit;
    };

private:
    /// What a step of OpenSSL waits for before it can go on.
    struct Wants {
        bool read = false, write = false;
    };

    void set_up(const Endpoint& endpoint);
    void expect_host(const Endpoint& endpoint);
    void shake_hands(Start start, Deadline deadline);
    void check_fingerprint(const TlsSettings& settings) const;
    std::size_t write(Bytes bytes, Wants& wants);
    std::size_t read(std::span<std::byte> space, Wants& wants);
    void wait(Wants wants, Deadline deadline) const;
    void note(int result, Wants& wants) const;
    [[noreturn]] void fail(int reason, std::string_view doing) const;
    [[nodiscard]] Error handshake_error(Start start) const;
    [[nodiscard]] std::string refusal_reason() const;
    [[nodiscard]] bool shows_certificate() const noexcept;
    [[nodiscard]] bool asked_for_certificate() const noexcept;

    Socket socket_;
    std::string host_;
    Verdict verdict_;
    OpenSsl<SSL_CTX> context_;
    OpenSsl<SSL> connection_;
};

}  // namespace offlineimap::imap
