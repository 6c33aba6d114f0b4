// SPDX-License-Identifier: Apache-2.0
#include "sasl.hpp"

#include "gsasl_client.hpp"
#include "oauth_client.hpp"
#include "oauth_token.hpp"
#include "text.hpp"

#include <algorithm>
#include <array>

namespace offlineimap::imap {

namespace {

enum class Secret : std::uint8_t { none, password, token };
/// What somebody who listens learns.
enum class Exposure : std::uint8_t { nothing, secret };

struct Mechanism {
    std::string_view name;
    Secret secret;
    Exposure exposure;
};

/// By strength. A certificate or a token that is there is meant to be used, so they come first.
constexpr std::array mechanisms {
    Mechanism {"EXTERNAL", Secret::none, Exposure::nothing},
    Mechanism {"OAUTHBEARER", Secret::token, Exposure::secret},
    Mechanism {"XOAUTH2", Secret::token, Exposure::secret},
    Mechanism {"GSSAPI", Secret::none, Exposure::nothing},
    Mechanism {"SCRAM-SHA-256-PLUS", Secret::password, Exposure::nothing},
    Mechanism {"SCRAM-SHA-1-PLUS", Secret::password, Exposure::nothing},
    Mechanism {"SCRAM-SHA-256", Secret::password, Exposure::nothing},
    Mechanism {"SCRAM-SHA-1", Secret::password, Exposure::nothing},
    Mechanism {"CRAM-MD5", Secret::password, Exposure::nothing},
    Mechanism {"DIGEST-MD5", Secret::password, Exposure::nothing},
    Mechanism {"PLAIN", Secret::password, Exposure::secret},
    Mechanism {"LOGIN", Secret::password, Exposure::secret},
};

const Mechanism* find_mechanism(std::string_view name)
{
    const auto found = std::find_if(
        mechanisms.begin(), mechanisms.end(), [&](const Mechanism& m) { return m.name == name; });
    return found == mechanisms.end() ? nullptr : &*found;
}

bool contains(const std::vector<std::string>& names, std::string_view name)
{
    return std::any_of(names.begin(), names.end(), [&](const std::string& candidate) {
        return in_upper_case(candidate) == name;
    });
}

/// There is something to use it with.
bool is_equipped(const Mechanism& mechanism, const SaslRequest& request, const Stream& stream)
{
    if (mechanism.secret == Secret::token) return request.oauth;
    if (mechanism.name == "EXTERNAL")
        return request.client_certificate || contains(request.wanted, "EXTERNAL");
    if (mechanism.name.ends_with("-PLUS"))
        return !stream.channel_binding("tls-exporter").empty()
            || !stream.channel_binding("tls-unique").empty();
    return true;
}

bool may_go_in_the_clear(
    const Mechanism& mechanism, const SaslRequest& request, const Stream& stream)
{
    return mechanism.exposure == Exposure::nothing || stream.encrypted()
        || request.clear_passwords == ClearPasswords::allowed;
}

std::vector<std::string> in_order(const SaslRequest& request)
{
    std::vector<std::string> names;
    if (request.wanted.empty())
        for (const Mechanism& mechanism : mechanisms)
            names.emplace_back(mechanism.name);
    for (const std::string& name : request.wanted)
        names.push_back(in_upper_case(name));
    return names;
}

std::string list_of(const std::vector<std::string>& names)
{
    std::string text;
    for (const std::string& name : names)
        text += (text.empty() ? "" : ", ") + name;
    return text.empty() ? "none" : text;
}

/// Server text within ours: the names of mechanisms are upper case letters, digits, `-`, `_`.
std::string cleaned(std::string text)
{
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return text;
}

/// Without a password there is nothing to try; the caller hears that as any other refusal.
WipedText secret_for(const Mechanism& mechanism, const SaslRequest& request, Host& host)
{
    switch (mechanism.secret) {
    case Secret::password:
        return WipedText(host.secret("remotepass", request.reason, request.fresh));
    case Secret::token:
        return WipedText(access_token(request, host));
    default:
        return WipedText({});
    }
}

}  // namespace

std::vector<std::string> sasl_mechanisms(const SaslRequest& request, const Stream& stream)
{
    std::vector<std::string> usable;
    for (const std::string& name : in_order(request)) {
        const Mechanism* mechanism = find_mechanism(name);
        if (mechanism && contains(request.offered, name) && is_equipped(*mechanism, request, stream)
            && may_go_in_the_clear(*mechanism, request, stream))
            usable.push_back(name);
    }
    return usable;
}

std::unique_ptr<SaslClient> sasl_client(
    std::string_view mechanism, const SaslRequest& request, const Stream& stream, Host& host)
{
    const Mechanism* known = find_mechanism(mechanism);
    if (!known) throw Error(Errc::auth, joined(mechanism, ": not known here"));
    if (!may_go_in_the_clear(*known, request, stream))
        throw Error(Errc::auth, joined(mechanism, ": not without TLS"));
    const WipedText secret = secret_for(*known, request, host);
    if (known->secret == Secret::token) return make_oauth_client(mechanism, request, secret);
    return make_gsasl_client(mechanism, request, stream, secret);
}

std::unique_ptr<SaslClient>
choose_mechanism(const SaslRequest& request, const Stream& stream, Host& host)
{
    std::string reasons;
    for (const std::string& name : sasl_mechanisms(request, stream)) {
        try {
            return sasl_client(name, request, stream, host);
        } catch (const Error& error) {
            if (error.code() != Errc::auth) throw;
            reasons += joined(reasons.empty() ? "" : "; ", error.what());
        }
    }
    if (reasons.empty()) throw no_mechanism(request, stream);
    throw Error(Errc::auth, joined("sign in to ", request.host, ": ", reasons));
}

Error no_mechanism(const SaslRequest& request, const Stream& stream)
{
    std::string text = joined(
        "sign in to ", request.host, ": the server offers ", cleaned(list_of(request.offered)));
    if (!request.wanted.empty())
        text += joined(", auth_mechanisms asks for ", list_of(request.wanted));
    const bool is_clear =
        !stream.encrypted() && request.clear_passwords == ClearPasswords::only_encrypted;
    text +=
        is_clear ? ", and no password may be sent without TLS" : ", and none of these can be used";
    return {Errc::auth, text};
}

}  // namespace offlineimap::imap
