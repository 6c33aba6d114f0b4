// SPDX-License-Identifier: Apache-2.0
#include "token_keeper.hpp"

#include "private_file.hpp"
#include "text.hpp"

#include <algorithm>
#include <array>
#include <openssl/evp.h>

namespace offlineimap::imap {

namespace {

using std::chrono::seconds;

/// A token must still be good when it arrives.
constexpr seconds margin {60};
/// RFC 6749 section 5.1 only recommends that a server says how long its token is good.
constexpr seconds usual_validity {300};

std::string digest_of(std::string_view text)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes {};
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), bytes.data(), &size, EVP_sha256(), nullptr);
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (unsigned i = 0; i < size; ++i)
        hex.append({digits[bytes[i] >> 4], digits[bytes[i] & 15]});
    return hex;
}

}  // namespace

TokenKeeper::Token
TokenKeeper::token(std::uint64_t refused, std::string_view reason, const Cancel* cancel)
{
    const std::lock_guard lock(mutex_);
    if (cancel) cancel->check();
    if (token_ && token_->serial == refused) is_refused_ = true;
    if (token_ && !is_refused_ && Clock::now() < good_until_) return *token_;
    const bool can_fetch = host_.settings().has("oauth2_refresh_token");
    if (!token_ && (!can_fetch || host_.settings().has("oauth2_access_token")))
        return remember(
            host_.secret("oauth2_access_token", reason, false), Clock::time_point::max());
    if (!can_fetch)
        return remember(
            host_.secret("oauth2_access_token", reason, true), Clock::time_point::max());
    if (is_refused_ && fetched_at_ && *fetched_at_ + margin > Clock::now())
        throw Error(Errc::auth, joined(reason, ", although that token has just been fetched"));
    return fetched(reason, cancel);
}

TokenKeeper::Token TokenKeeper::fetched(std::string_view reason, const Cancel* cancel)
{
    const WipedText refresh(refresh_token(reason));
    const auto grant = request_token(refresh.value(), reason, host_, cancel);
    if (!grant.refresh_token.empty() && grant.refresh_token != refresh.value())
        keep(grant.refresh_token);
    const auto validity = grant.valid_for > seconds(0) ? grant.valid_for : usual_validity;
    fetched_at_ = Clock::now();
    return remember(grant.access_token, *fetched_at_ + std::max(validity - margin, validity / 2));
}

TokenKeeper::Token TokenKeeper::remember(std::string text, Clock::time_point until)
{
    good_until_ = until;
    is_refused_ = false;
    token_ = {std::move(text), ++serials_};
    return *token_;
}

/// The configured one, or what its server replaced it by, in this run or an earlier one. Who
/// configures another one means that.
std::string TokenKeeper::refresh_token(std::string_view reason)
{
    auto configured = host_.secret("oauth2_refresh_token", reason, false);
    if (configured_.empty()) {
        configured_ = digest_of(configured);
        const auto lines = read_private_file(file());
        if (lines.size() >= 2 && lines[0] == configured_) replaced_by_ = lines[1];
        if (replaced_by_) host_.withhold(*replaced_by_);
    }
    return replaced_by_.value_or(configured);
}

/// The server may refuse the old one from now on: without the new one nobody could sign in.
void TokenKeeper::keep(const std::string& refresh_token)
{
    replaced_by_ = refresh_token;
    try {
        write_private_file(file(), {configured_, refresh_token});
    } catch (const Error& error) {
        host_.log(
            Level::warning,
            joined(
                "the server replaced oauth2_refresh_token, and the new one cannot be kept: ",
                error.what()));
    }
}

std::filesystem::path TokenKeeper::file() const
{
    return host_.state_dir() / "oauth2_refresh_token";
}

std::string TokenUse::current(std::string_view reason)
{
    const auto token = keeper_.token(0, reason, cancel_);
    last_ = token.serial;
    return token.text;
}

std::string TokenUse::another(std::string_view reason)
{
    const auto token = keeper_.token(last_, reason, cancel_);
    last_ = token.serial;
    return token.text;
}

}  // namespace offlineimap::imap
