// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/response.hpp"

#include <offlineimap/error.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace offlineimap::imap {

/// Whether a line may be shown to the user who debugs.
enum class Privacy : std::uint8_t { open, secret };

/// A StatusResponse that outlives the call it came with.
struct Answer {
    Status status = Status::ok;
    std::string code, arguments, line;

    Answer() = default;
    explicit Answer(const StatusResponse& response);
    [[nodiscard]] bool ok() const noexcept { return status == Status::ok; }
    [[nodiscard]] bool is(std::string_view code_name) const noexcept;
};

/// What the server's NO or BAD means. `what` says what was tried: "append to Sent". Where it asks
/// for patience, Retry::reconnect: the core tries again in this run; of a quota (LIMIT) once.
[[nodiscard]] Error refusal(std::string_view what, const Answer& answer);
[[nodiscard]] Error refusal(std::string_view what, const StatusResponse& answer);

/// Whether the server wants fewer of us, or us later: [UNAVAILABLE], [LIMIT], [THROTTLED], [INUSE],
/// or words of "too many connections", which most servers say without a code.
[[nodiscard]] bool asks_for_patience(const Answer& answer);
/// The same for what opens a session, and costs it: greeting, sign-in.
[[nodiscard]] Error session_refusal(std::string_view what, const Answer& answer);

/// The same for one message: what the server does not explain costs no more than that message.
[[nodiscard]] Error message_refusal(std::string_view what, const Answer& answer);

/// Kinds of untagged data. A command gets those it asks for, if it is the oldest one in flight that
/// does: servers work on several commands at once where the order makes no difference, so the
/// oldest of all is not always the one that is being answered.
enum class Data : std::uint8_t {
    listing,   ///< LIST, STATUS
    mailbox,   ///< FLAGS, EXISTS, and conditions such as `OK [UIDNEXT 7]`
    messages,  ///< FETCH, VANISHED
    search,    ///< SEARCH, ESEARCH
};

/// One command in flight. Called on the thread that waits, until completed() has been called;
/// owned by whoever sent it, and alive until then.
class Command : public DataSink {
public:
    [[nodiscard]] virtual Set<Data> wants() const noexcept { return {}; }
    /// An untagged condition.
    virtual void untagged(const StatusResponse&) { }
    /// A `+` for this command.
    virtual void go_ahead(std::string_view) { }
    /// Nothing else is called afterwards; the command may be destroyed once this returned.
    virtual void completed(const StatusResponse&) = 0;
};

/// A command of which only the tagged answer counts.
class PlainCommand : public Command {
public:
    void completed(const StatusResponse& response) override;
    /// Called once the answer is there.
    void when_done(std::function<void()> then) { then_ = std::move(then); }
    [[nodiscard]] bool done() const noexcept { return answer_.has_value(); }
    [[nodiscard]] const Answer& answer() const { return answer_.value(); }
    /// Throws what the answer means unless it is OK.
    void require_ok(std::string_view what) const;

private:
    std::optional<Answer> answer_;
    std::function<void()> then_;
};

}  // namespace offlineimap::imap
