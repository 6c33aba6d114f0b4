// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "stream.hpp"

#include <offlineimap/plugin.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace offlineimap::imap {

/// One attempt to sign in. Messages are raw; Base64 is the caller's. They hold secrets: never log
/// them.
class SaslClient {
public:
    SaslClient() = default;
    SaslClient(const SaslClient&) = delete;
    SaslClient& operator=(const SaslClient&) = delete;
    virtual ~SaslClient() = default;

    [[nodiscard]] virtual std::string_view mechanism() const noexcept = 0;
    /// What the client says first; nullopt: the server begins. Once, before step(). Goes with the
    /// command where the server has SASL-IR, else as the answer to its first, empty challenge.
    virtual std::optional<std::string> initial_response() = 0;
    /// The answer to a challenge. Throws auth when the server's proof is wrong (an impostor) or the
    /// challenge makes no sense: then send `*`.
    virtual std::string step(std::string_view challenge) = 0;
    /// Whether a final OK may be believed: false until the server has proved that it knows the
    /// password, where the mechanism has it prove that. An OK before is an error (auth). One that
    /// carries its proof in a last challenge is answered with what step() returns (nothing).
    [[nodiscard]] virtual bool done() const noexcept = 0;
    /// What the server said in a mechanism's own words when it refused (OAuth), else empty.
    [[nodiscard]] virtual std::string refusal() const { return {}; }
};

enum class ClearPasswords : std::uint8_t { only_encrypted, allowed };

/// Everything that choosing and running a mechanism needs.
struct SaslRequest {
    std::vector<std::string> offered;  ///< the server's AUTH= names, any case
    std::vector<std::string> wanted;   ///< auth_mechanisms, in its order; empty = by strength
    std::string user;
    std::string identity;      ///< act as this user (remote_identity); empty = as `user`
    std::string host;          ///< for GSSAPI, DIGEST-MD5, OAUTHBEARER
    std::uint16_t port = 993;  ///< for OAUTHBEARER
    ClearPasswords clear_passwords = ClearPasswords::only_encrypted;
    bool client_certificate = false;  ///< offer EXTERNAL
    bool oauth = false;               ///< there are oauth2_* tokens in the settings
    bool fresh = false;               ///< the last secret was refused: ask for another
    std::string reason;               ///< for Host::secret
    const Cancel* cancel = nullptr;   ///< ends a request for a token
};

/// The mechanisms that can be tried, best first: offered, wanted or by strength, not in the clear
/// unless allowed. May be empty; then tell the user with no_mechanism().
std::vector<std::string> sasl_mechanisms(const SaslRequest& request, const Stream& stream);

/// One of those, ready. Asks `host` for the password, or for an access token, which may be fetched
/// with the refresh token (network, timeout). Throws auth when it cannot begin (no Kerberos ticket,
/// no password to be had): try the next one.
std::unique_ptr<SaslClient> sasl_client(
    std::string_view mechanism, const SaslRequest& request, const Stream& stream, Host& host);

/// The first of sasl_mechanisms() that can begin. Throws auth.
std::unique_ptr<SaslClient>
choose_mechanism(const SaslRequest& request, const Stream& stream, Host& host);

/// Says what was offered, what was wanted, and why nothing fits.
Error no_mechanism(const SaslRequest& request, const Stream& stream);

}  // namespace offlineimap::imap
