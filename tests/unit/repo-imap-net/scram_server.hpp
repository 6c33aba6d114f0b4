// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace offlineimap::imap::test {

enum class ScramHash : std::uint8_t { sha_1, sha_256 };

/// The server's half of SCRAM (RFC 5802), written from the formulas of its section 3.
class ScramServer {
public:
    ScramServer(ScramHash hash, std::string password);

    /// Instead of its own; the salt in Base64.
    void use(std::string nonce, std::string salt);
    /// The challenge to the client's first message.
    std::string first(std::string_view client_first);
    /// The server's proof, whether the client's was right or not.
    std::string last(std::string_view client_final);
    /// The client's GS2 header and what it took the channel for.
    [[nodiscard]] const std::string& bound_to() const noexcept { return bound_to_; }
    [[nodiscard]] bool client_proved() const noexcept { return client_proved_; }

private:
    [[nodiscard]] std::string keyed(std::string_view key, std::string_view text) const;
    [[nodiscard]] std::string digest(std::string_view text) const;
    [[nodiscard]] std::string salted_password() const;

    ScramHash hash_;
    std::string password_;
    std::string nonce_ = "serverpart", salt_ = "QSXCR+Q6sek8bf92";
    std::string client_first_bare_, server_first_, bound_to_;
    bool client_proved_ = false;
};

}  // namespace offlineimap::imap::test
