// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/openssl.hpp"

#include <filesystem>
#include <functional>
#include <openssl/evp.h>
#include <string>
#include <thread>

namespace offlineimap::imap::test {

struct KeyDeleter {
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};

/// A certificate with its key.
struct Identity {
    std::unique_ptr<EVP_PKEY, KeyDeleter> key;
    OpenSsl<X509> certificate;
};

struct IdentityRequest {
    std::string alternative_names = "DNS:localhost,IP:127.0.0.1";
    long valid_from = -3600;  ///< seconds from now
    long valid_to = 3600;
    const Identity* issuer = nullptr;  ///< nullptr: self-signed, an authority
    const char* name = "Test Authority";
};

[[nodiscard]] Identity make_identity(const IdentityRequest& request);

/// A directory that goes away with its files.
class ScratchFolder {
public:
    ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    ~ScratchFolder();
    [[nodiscard]] std::string write_certificate(const Identity& identity, const char* name) const;
    [[nodiscard]] std::string write_key(const Identity& identity, const char* name) const;
    [[nodiscard]] std::string write_encrypted_key(const Identity& identity, const char* name) const;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

/// Listens on loopback and serves one connection by `serve`, in a thread.
class OneShotServer {
public:
    explicit OneShotServer(std::function<void(int)> serve);
    OneShotServer(const OneShotServer&) = delete;
    OneShotServer& operator=(const OneShotServer&) = delete;
    ~OneShotServer();
    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    /// Waits until the connection was served.
    void join();

private:
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

struct TlsServing {
    const Identity* identity = nullptr;
    const Identity* client_authority = nullptr;  ///< set: a client certificate is required
    int highest_version = 0;                     ///< 0 = the newest
    std::function<void(SSL*)> talk;              ///< after the handshake; default: echo
};

/// Serves TLS on an accepted socket until the peer goes.
void serve_tls(int socket, const TlsServing& serving);

}  // namespace offlineimap::imap::test
