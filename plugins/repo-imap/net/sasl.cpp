// SPDX-License-Identifier: Apache-2.0
#include "sasl.hpp"

#include "gsasl_client.hpp"
#include "oauth_client.hpp"
#include "text.hpp"

#include <algorithm>
#include <array>

namespace offlineimap::imap {

namespace {

/// Whether it can say that we want to act as somebody else (remote_identity).
enum class Identity : std::uint8_t { carried, lost };

struct Mechanism {
    std::string_view name;
    Proof proof;
    Identity identity;
};

/// By strength. A certificate, a token or a ticket that is there is meant to be used, so they come
/// first. DIGEST-MD5 has the server prove itself and CRAM-MD5 does not.
constexpr std::array mechanisms {
    Mechanism {"EXTERNAL", Proof::certificate, Identity::carried},
    Mechanism {"OAUTHBEARER", Proof::token, Identity::carried},
    Mechanism {"XOAUTH2", Proof::token, Identity::carried},
    Mechanism {"GSSAPI", Proof::ticket, Identity::carried},
    Mechanism {"SCRAM-SHA-256-PLUS", Proof::digest, Identity::carried},
    Mechanism {"SCRAM-SHA-1-PLUS", Proof::digest, Identity::carried},
    Mechanism {"SCRAM-SHA-256", Proof::digest, Identity::carried},
    Mechanism {"SCRAM-SHA-1", Proof::digest, Identity::carried},
    Mechanism {"DIGEST-MD5", Proof::digest, Identity::carried},
    Mechanism {"CRAM-MD5", Proof::digest, Identity::lost},
    Mechanism {"PLAIN", Proof::password, Identity::carried},
    Mechanism {"LOGIN", Proof::password, Identity::lost},
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
    if (mechanism.proof == Proof::token) return request.tokens != nullptr;
    if (mechanism.name == "EXTERNAL")
        return request.client_certificate || contains(request.wanted, "EXTERNAL");
    if (mechanism.name.ends_with("-PLUS"))
        return !stream.channel_binding("tls-exporter").empty()
            || !stream.channel_binding("tls-unique").empty();
    return true;
}

/// Somebody who listens must not learn a secret.
bool may_go_in_the_clear(
    const Mechanism& mechanism, const SaslRequest& request, const Stream& stream)
{
    const bool shows_secret = mechanism.proof == Proof::token || mechanism.proof == Proof::password;
    return !shows_secret || stream.encrypted()
        || request.clear_passwords == ClearPasswords::allowed;
}

bool acts_as_another(const SaslRequest& request)
{
    return !request.identity.empty() && request.identity != request.user;
}

/// Signing in as the wrong one would synchronise the wrong mail.
bool says_who_we_are(const Mechanism& mechanism, const SaslRequest& request)
{
    return mechanism.identity == Identity::carried || !acts_as_another(request);
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

}  // namespace

std::vector<std::string> sasl_mechanisms(const SaslRequest& request, const Stream& stream)
{
    std::vector<std::string> usable;
    for (const std::string& name : in_order(request)) {
        const Mechanism* mechanism = find_mechanism(name);
        if (mechanism && contains(request.offered, name) && is_equipped(*mechanism, request, stream)
            && may_go_in_the_clear(*mechanism, request, stream)
            && says_who_we_are(*mechanism, request))
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
    switch (known->proof) {
    case Proof::token:
        return make_oauth_client(
            mechanism, request, WipedText(request.tokens->current(request.reason)));
    case Proof::digest:
    case Proof::password:
        return make_gsasl_client(
            mechanism, request, stream, *password_for(request, host, SecretAge::known));
    default:
        return make_gsasl_client(mechanism, request, stream, WipedText({}));
    }
}

std::unique_ptr<WipedText> password_for(const SaslRequest& request, Host& host, SecretAge age)
{
    auto password = std::make_unique<WipedText>(
        host.secret("remotepass", request.reason, age == SecretAge::renewed));
    // C strings end there, and so do the fields of PLAIN.
    if (password->value().find('\0') != std::string::npos)
        throw Error(Errc::auth, "the password contains a NUL character");
    return password;
}

Proof proof_of(std::string_view mechanism) noexcept
{
    const Mechanism* known = find_mechanism(mechanism);
    return known ? known->proof : Proof::password;
}

bool is_known_mechanism(std::string_view name)
{
    return find_mechanism(in_upper_case(name)) != nullptr;
}

std::string known_mechanisms()
{
    return list_of(in_order({}));
}

Error no_mechanism(const SaslRequest& request, const Stream& stream)
{
    std::string text = joined(
        "sign in to ", request.host, ": the server offers ", cleaned(list_of(request.offered)));
    if (!request.wanted.empty())
        text += joined(", auth_mechanisms asks for ", list_of(request.wanted));
    const bool is_clear =
        !stream.encrypted() && request.clear_passwords == ClearPasswords::only_encrypted;
    if (is_clear)
        text += ", and no password may be sent without TLS";
    else if (acts_as_another(request))
        text += ", and none of these can be used for remote_identity";
    else
        text += ", and none of these can be used";
    return {Errc::auth, text};
}

}  // namespace offlineimap::imap
