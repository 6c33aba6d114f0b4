// SPDX-License-Identifier: Apache-2.0
#include "oauth_client.hpp"

#include "text.hpp"

namespace offlineimap::imap {

namespace {

constexpr char separator = '\x01';

/// The user's name within a GS2 header (RFC 5801 section 4).
std::string gs2_name(std::string_view name)
{
    std::string text;
    for (const char c : name) {
        if (c == ',')
            text += "=2C";
        else if (c == '=')
            text += "=3D";
        else
            text += c;
    }
    return text;
}

/// These two have one name only: whose mail is wanted. The token tells who asks.
const std::string& name_in(const SaslRequest& request)
{
    return request.identity.empty() ? request.user : request.identity;
}

std::string xoauth2(const SaslRequest& request, const WipedText& token)
{
    const std::string_view end("\x01", 1);
    return joined("user=", name_in(request), end, "auth=Bearer ", token.value(), end, end);
}

std::string oauthbearer(const SaslRequest& request, const WipedText& token)
{
    const std::string_view end("\x01", 1);
    return joined(
        "n,a=", gs2_name(name_in(request)), ",", end, "host=", request.host, end,
        "port=", std::to_string(request.port), end, "auth=Bearer ", token.value(), end, end);
}

class OauthClient final : public SaslClient {
public:
    OauthClient(std::string_view mechanism, std::string first)
        : mechanism_(mechanism), first_(std::move(first))
    {
    }

    [[nodiscard]] std::string_view mechanism() const noexcept override { return mechanism_; }
    std::optional<std::string> initial_response() override { return std::move(first_); }
    /// The only challenge there is tells why the token is refused; the NO comes after our answer.
    std::string step(std::string_view challenge) override
    {
        refusal_.clear();
        for (const char c : challenge.substr(0, 500))
            refusal_ += c < ' ' || c > '~' ? '?' : c;
        return mechanism_ == "OAUTHBEARER" ? std::string(1, separator) : std::string();
    }
    [[nodiscard]] bool done() const noexcept override { return refusal_.empty(); }
    [[nodiscard]] std::string refusal() const override { return refusal_; }

private:
    std::string mechanism_;
    std::string first_;
    std::string refusal_;
};

}  // namespace

std::unique_ptr<SaslClient>
make_oauth_client(std::string_view mechanism, const SaslRequest& request, const WipedText& token)
{
    return std::make_unique<OauthClient>(
        mechanism,
        mechanism == "OAUTHBEARER" ? oauthbearer(request, token) : xoauth2(request, token));
}

}  // namespace offlineimap::imap
