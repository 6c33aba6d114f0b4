// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace offlineimap {

/// What went wrong. New values may be added; treat an unknown one as internal.
enum class Errc : std::uint16_t {
    cancelled,  ///< the user or the core asked to stop
    config,     ///< a setting is missing or makes no sense
    auth,       ///< credentials refused
    tls,        ///< certificate or handshake refused
    network,    ///< connection lost or refused
    timeout,
    unavailable,  ///< the server says "not now" (maintenance, rate limit)
    busy,         ///< locked by another process
    protocol,     ///< the peer broke its protocol
    not_found,
    exists,
    permission,  ///< also: read-only folder
    quota,
    too_large,
    rejected,  ///< this very message is not acceptable to the backend
    unsupported,
    stopped,        ///< the deletion guard did not allow it
    epoch_changed,  ///< the folder's identity changed; known message ids are void
    corrupt,        ///< local state cannot be read back
    io,             ///< local file system
    internal,       ///< a bug
};

/// How much is lost: everything at or below this level must be given up,
/// everything above it is still usable.
enum class Scope : std::uint8_t { message, folder, session, repository };

/// Whether trying again makes sense, and when.
enum class Retry : std::uint8_t { never, reconnect, later };

constexpr Scope default_scope(Errc code) noexcept
{
    switch (code) {
    case Errc::too_large:
    case Errc::rejected:
        return Scope::message;
    case Errc::not_found:
    case Errc::exists:
    case Errc::permission:
    case Errc::quota:
    case Errc::epoch_changed:
    case Errc::corrupt:
    case Errc::unsupported:
    case Errc::busy:
    case Errc::stopped:
        return Scope::folder;
    case Errc::config:
    case Errc::auth:
    case Errc::tls:
    case Errc::unavailable:
        return Scope::repository;
    default:
        return Scope::session;
    }
}

constexpr Retry default_retry(Errc code) noexcept
{
    switch (code) {
    case Errc::network:
    case Errc::timeout:
    case Errc::protocol:
        return Retry::reconnect;
    case Errc::unavailable:
    case Errc::busy:
    case Errc::io:
        return Retry::later;
    default:
        return Retry::never;
    }
}

/// The only exception type that may leave a plugin. The text says what was tried, on what, and what
/// the other side said; lower case, no full stop, never a secret:
/// "append to INBOX/Sent: server answered NO [OVERQUOTA] mailbox full".
class __attribute__((visibility("default"))) Error final : public std::runtime_error {
public:
    Error(Errc code, const std::string& text)
        : Error(code, default_scope(code), default_retry(code), text)
    {
    }
    Error(Errc code, Scope scope, Retry retry, const std::string& text)
        : std::runtime_error(text), code_(code), scope_(scope), retry_(retry)
    {
    }

    Errc code() const noexcept { return code_; }
    Scope scope() const noexcept { return scope_; }
    Retry retry() const noexcept { return retry_; }

private:
    Errc code_;
    Scope scope_;
    Retry retry_;
};

}  // namespace offlineimap
