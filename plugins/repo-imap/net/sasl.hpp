// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "stream.hpp"
#include "token_keeper.hpp"

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
    /// challenge makes no sense, unsupported when the mechanism cannot carry this password and
    /// another one may: then send `*`.
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
    TokenUse* tokens = nullptr;       ///< OAuth2; nullptr = there are none in the settings
    std::string reason;               ///< for Host::secret
};

/// What a mechanism shows to the server. One that was refused is not worth a second try.
enum class Proof : std::uint8_t {
    certificate,  ///< of TLS
    token,        ///< OAuth2
    ticket,       ///< Kerberos
    digest,       ///< an answer that only somebody who knows the password can give
    password,     ///< the password itself
};
[[nodiscard]] Proof proof_of(std::string_view mechanism) noexcept;

/// Whether `name` (any case) is a mechanism that this program knows, and all their names.
[[nodiscard]] bool is_known_mechanism(std::string_view name);
[[nodiscard]] std::string known_mechanisms();

enum class SecretAge : std::uint8_t { known, renewed };

/// The password, or after a refusal another one. Throws auth when there is none to be had, or one
/// that no mechanism can carry.
std::unique_ptr<WipedText> password_for(const SaslRequest& request, Host& host, SecretAge age);

/// The mechanisms that can be tried, best first: offered, wanted or by strength, not in the clear
/// unless allowed, able to say who we want to be. May be empty; then tell the user with
/// no_mechanism().
std::vector<std::string> sasl_mechanisms(const SaslRequest& request, const Stream& stream);

/// One of those, ready. Asks `host` for the password, or for an access token, which may be fetched
/// with the refresh token (network, timeout). Throws auth when it cannot begin (no Kerberos ticket,
/// no password to be had): try the next one.
std::unique_ptr<SaslClient> sasl_client(
    std::string_view mechanism, const SaslRequest& request, const Stream& stream, Host& host);

/// Says what was offered, what was wanted, and why nothing fits.
Error no_mechanism(const SaslRequest& request, const Stream& stream);

}  // namespace offlineimap::imap
