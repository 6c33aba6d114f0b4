// SPDX-License-Identifier: Apache-2.0
#include "command.hpp"

#include "protocol/text.hpp"

#include <algorithm>
#include <array>

namespace offlineimap::imap {

namespace {

struct Meaning {
    std::string_view code;
    Errc errc;
    Scope scope;
    Retry retry;
};

/// RFC 5530 and relatives.
constexpr std::array<Meaning, 22> meanings {{
    {"AUTHENTICATIONFAILED", Errc::auth, Scope::repository, Retry::never},
    {"AUTHORIZATIONFAILED", Errc::auth, Scope::repository, Retry::never},
    {"EXPIRED", Errc::auth, Scope::repository, Retry::never},
    {"PRIVACYREQUIRED", Errc::tls, Scope::repository, Retry::never},
    {"CONTACTADMIN", Errc::unavailable, Scope::repository, Retry::later},
    {"UNAVAILABLE", Errc::unavailable, Scope::folder, Retry::reconnect},
    {"SERVERBUG", Errc::unavailable, Scope::folder, Retry::later},
    {"LIMIT", Errc::quota, Scope::folder, Retry::reconnect},
    {"THROTTLED", Errc::unavailable, Scope::repository, Retry::later},
    {"INUSE", Errc::busy, Scope::folder, Retry::reconnect},
    {"NOPERM", Errc::permission, Scope::folder, Retry::never},
    {"READ-ONLY", Errc::permission, Scope::folder, Retry::never},
    {"OVERQUOTA", Errc::quota, Scope::folder, Retry::later},
    {"NONEXISTENT", Errc::not_found, Scope::folder, Retry::never},
    {"TRYCREATE", Errc::not_found, Scope::folder, Retry::never},
    {"ALREADYEXISTS", Errc::exists, Scope::folder, Retry::never},
    {"CANNOT", Errc::unsupported, Scope::folder, Retry::never},
    {"CORRUPTION", Errc::corrupt, Scope::folder, Retry::never},
    {"EXPUNGEISSUED", Errc::not_found, Scope::message, Retry::later},
    {"TOOBIG", Errc::too_large, Scope::message, Retry::never},
    {"BADCHARSET", Errc::unsupported, Scope::folder, Retry::never},
    {"CLIENTBUG", Errc::internal, Scope::folder, Retry::never},
}};

/// A plain NO may be over in an hour; a plain BAD is about this very command.
Meaning plain_meaning(Status status) noexcept
{
    if (status == Status::bad) return {"", Errc::protocol, Scope::folder, Retry::never};
    return {"", Errc::unavailable, Scope::folder, Retry::later};
}

Error refusal(std::string_view what, Status status, std::string_view code, std::string_view line)
{
    const auto* known = std::find_if(meanings.begin(), meanings.end(), [code](const Meaning& m) {
        return same_text(m.code, code);
    });
    const Meaning meaning = known != meanings.end() ? *known : plain_meaning(status);
    return {
        meaning.errc, meaning.scope, meaning.retry,
        std::string(what) + ": server answered " + printable(line)};
}

}  // namespace

Answer::Answer(const StatusResponse& response)
    : status(response.status)
    , code(response.code.name)
    , arguments(response.code.arguments)
    , line(response.line)
{
}

bool Answer::is(std::string_view code_name) const noexcept
{
    return same_text(code, code_name);
}

namespace {

/// Codes that speak of who signs in, not of how many do.
bool speaks_of_the_user(const Answer& answer)
{
    return answer.is("AUTHENTICATIONFAILED") || answer.is("AUTHORIZATIONFAILED")
        || answer.is("EXPIRED") || answer.is("PRIVACYREQUIRED");
}

/// Gmail: "Too many simultaneous connections"; Dovecot: "Maximum number of connections from user+IP
/// exceeded"; Cyrus: "too many open connections"; Courier: "Maximum connection limit reached".
bool says_too_many(std::string_view line)
{
    const auto text = upper_case(line);
    const auto has = [&text](std::string_view part) {
        return text.find(part) != std::string::npos;
    };
    const bool of_connections = has("CONNECTION") || has("SESSION");
    return of_connections
        && (has("TOO MANY") || has("MAXIMUM") || has("LIMIT") || has("SIMULTANEOUS"));
}

}  // namespace

Error refusal(std::string_view what, const Answer& answer)
{
    auto error = refusal(what, answer.status, answer.code, answer.line);
    // What else is limited, waiting seldom changes.
    const bool may_be_too_many = answer.code.empty() || answer.is("LIMIT");
    if (!may_be_too_many || !says_too_many(answer.line)) return error;
    return {Errc::unavailable, Scope::folder, Retry::reconnect, error.what()};
}

Error refusal(std::string_view what, const StatusResponse& answer)
{
    return refusal(what, Answer(answer));
}

bool asks_for_patience(const Answer& answer)
{
    for (const auto* code : {"UNAVAILABLE", "LIMIT", "THROTTLED", "INUSE"})
        if (answer.is(code)) return true;
    return !speaks_of_the_user(answer) && says_too_many(answer.line);
}

Error session_refusal(std::string_view what, const Answer& answer)
{
    auto error = refusal(what, answer);
    if (!asks_for_patience(answer)) return error;
    return {Errc::unavailable, Scope::repository, Retry::later, error.what()};
}

Error message_refusal(std::string_view what, const Answer& answer)
{
    auto error = refusal(what, answer);
    const bool only_this_one =
        answer.code.empty() || answer.is("CANNOT") || error.code() == Errc::protocol;
    if (!only_this_one || asks_for_patience(answer)) return error;
    return {Errc::rejected, Scope::message, Retry::later, error.what()};
}

void PlainCommand::completed(const StatusResponse& response)
{
    answer_.emplace(response);
    if (then_) then_();
}

void PlainCommand::require_ok(std::string_view what) const
{
    if (!answer().ok()) throw refusal(what, answer());
}

}  // namespace offlineimap::imap
