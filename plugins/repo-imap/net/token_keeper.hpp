// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "token_request.hpp"
#include "wiped_text.hpp"

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>

namespace offlineimap::imap {

/// The OAuth2 tokens of one account, for all its connections: an access token is fetched once, used
/// until it expires or is refused, and a refresh token that the server replaces is kept in the
/// instance's folder for the next run. Thread-safe; who asks while another one fetches waits for
/// that one's token.
class TokenKeeper {
public:
    /// `serial` tells tokens apart: never 0.
    struct Token {
        std::string text;
        std::uint64_t serial;
    };

    /// `host` outlives it.
    explicit TokenKeeper(Host& host) : host_(host) { }

    /// An access token other than the one of the serial `refused` (0 = none was). Throws what
    /// request_token() does; auth also when a token just fetched was refused.
    Token token(std::uint64_t refused, std::string_view reason, const Cancel* cancel);

private:
    using Clock = std::chrono::steady_clock;

    Token fetched(std::string_view reason, const Cancel* cancel);
    Token remember(std::string text, Clock::time_point until);
    [[nodiscard]] std::string refresh_token(std::string_view reason);
    void keep(const std::string& refresh_token);
    [[nodiscard]] std::filesystem::path file() const;

    std::mutex mutex_;
    Host& host_;
    std::optional<Token> token_;
    bool is_refused_ = false;
    std::optional<Clock::time_point> fetched_at_;
    Clock::time_point good_until_;
    std::uint64_t serials_ = 0;
    std::string configured_;  ///< digest of the configured refresh token
    std::optional<std::string> replaced_by_;
};

/// One sign-in's use of the tokens.
class TokenUse {
public:
    TokenUse(TokenKeeper& keeper, const Cancel* cancel) : keeper_(keeper), cancel_(cancel) { }

    std::string current(std::string_view reason);
    /// After the server refused the last one.
    std::string another(std::string_view reason);

private:
    TokenKeeper& keeper_;
    const Cancel* cancel_;
    std::uint64_t last_ = 0;
};

}  // namespace offlineimap::imap
