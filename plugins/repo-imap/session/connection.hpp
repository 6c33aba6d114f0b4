// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "capability_set.hpp"
#include "command.hpp"
#include "net/stream.hpp"
#include "pace.hpp"
#include "protocol/parser.hpp"

#include <offlineimap/plugin.hpp>

#include <chrono>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace offlineimap::imap {

/// One connection: tagged commands in flight, what arrives dispatched to the command that asked for
/// it. Writing and reading go on at the same time, so no pipeline is too long.
///
/// One thread at a time. After anything has been thrown it is good for nothing but destruction, and
/// says so.
class Connection : private ResponseSink {
public:
    enum class Alerts : std::uint8_t { shown, withheld };
    struct Setup {
        std::string peer;  ///< for messages: imap.example.org
        std::chrono::milliseconds timeout {60'000};
        std::vector<std::string> hidden_capabilities;
        Alerts alerts = Alerts::shown;
    };

    Connection(std::unique_ptr<Stream> stream, Host& host, Setup setup);
    ~Connection() override;

    // ---- commands
    /// Puts the command into the queue; wait() sends it. `command` stays alive until completed.
    void send(const CommandLine& line, Command& command, Privacy privacy = Privacy::open);
    void send(std::string_view text, Command& command)
    {
        send(CommandLine(literals(), text), command);
    }
    /// A command that ends with the header of a literal and its line end; the text follows by
    /// write_through(), after go_ahead() if the header asks for that, then a line end by
    /// send_raw().
    void send_open(const CommandLine& line, Command& command);
    /// Bytes that belong to the command sent last, such as the answer to a challenge.
    void send_raw(std::string_view bytes, Privacy privacy);
    /// Sends what is queued, then `bytes` from where they lie.
    void write_through(Bytes bytes);
    /// Sends and receives until `done()`.
    template <class Done> void wait(const Done& done)
    {
        while (!done())
            turn();
    }
    /// Until fewer than `count` commands are in flight.
    void wait_below(std::size_t count)
    {
        wait([this, count] { return in_flight_.size() < count; });
    }
    /// Like wait(), but gives up at `deadline`, and stays usable. Tells whether done.
    template <class Done>
    bool wait_until(const Done& done, std::chrono::steady_clock::time_point deadline)
    {
        while (!done())
            if (!turn_until(deadline)) return false;
        return true;
    }
    /// Gets what no command in flight asked for, as long as it is set. It outlives the setting.
    void listen(Command* listener) noexcept { listener_ = listener; }
    /// See Stream::wake_on(): ends a wait_until(). A wait() goes on for the answer, for seconds.
    void wake_on(int descriptor) noexcept;
    /// Sends one command and waits for its answer.
    Answer run(const CommandLine& line, Privacy privacy = Privacy::open);
    Answer run(std::string_view text) { return run(CommandLine(literals(), text)); }
    [[nodiscard]] std::size_t in_flight() const noexcept { return in_flight_.size(); }
    /// Writes a folder's name without a blank before it. Above this class names are in modified
    /// UTF-7, whatever the server takes.
    CommandLine& add_bare_name(CommandLine& line, std::string_view name) const;
    CommandLine& add_name(CommandLine& line, std::string_view name) const
    {
        return add_bare_name(line.raw(" "), name);
    }
    /// Bytes queued and not yet handed to the stream.
    [[nodiscard]] std::size_t queued() const noexcept { return queued_bytes_; }
    /// Whoever waits for an answer will not be there to take it.
    void give_up() noexcept;
    /// Sends LOGOUT as far as that goes without waiting.
    void log_out() noexcept;

    // ---- the stream
    /// For STARTTLS and COMPRESS, whose answer must be the last thing said in the old way: throws
    /// protocol when something came behind it.
    [[nodiscard]] std::unique_ptr<Stream> release_stream(std::string_view command);
    void use_stream(std::unique_ptr<Stream> stream) { stream_ = std::move(stream); }
    /// All that the server told about itself, as after STARTTLS; alerts are shown from now on.
    void forget();
    [[nodiscard]] const Stream& stream() const { return *stream_; }

    // ---- what the server told about itself
    [[nodiscard]] const std::optional<Answer>& greeting() const noexcept { return greeting_; }
    [[nodiscard]] CapabilitySet& capabilities() noexcept { return capabilities_; }
    [[nodiscard]] const CapabilitySet& capabilities() const noexcept { return capabilities_; }
    [[nodiscard]] bool has(std::string_view capability) const noexcept
    {
        return capabilities_.has(capability);
    }
    [[nodiscard]] LiteralMode literals() const noexcept { return capabilities_.literals(); }
    [[nodiscard]] const NamedValues& server() const noexcept { return server_; }
    [[nodiscard]] bool is_enabled(std::string_view extension) const;
    [[nodiscard]] const std::string& peer() const noexcept { return setup_.peer; }
    [[nodiscard]] Host& host() const noexcept { return host_; }

private:
    struct InFlight {
        std::string tag;
        Command* command;
        std::uint64_t number;
        Privacy privacy = Privacy::open;
        std::string name;  ///< for the trace
        std::chrono::steady_clock::time_point begin;
    };
    struct Outgoing {
        std::string bytes;
        std::size_t sent = 0;
        std::uint64_t awaits = 0;  ///< the command that must be told to go ahead first; 0 = none
    };

    void turn();
    bool turn_until(std::chrono::steady_clock::time_point deadline);
    Stream::Progress exchange(Bytes out);
    bool wakes_up(const Error& error, std::chrono::steady_clock::time_point deadline) noexcept;
    void check_usable() const;
    std::string launch(Command& command, Privacy privacy);
    enum class Ending : std::uint8_t { none, line_end };
    void enqueue_parts(const CommandLine& line, Command& command, Privacy privacy, Ending ending);
    void enqueue(std::string bytes, std::uint64_t awaits);
    [[nodiscard]] Bytes sendable() const noexcept;
    void consume(std::size_t written) noexcept;
    void show(std::string_view prefix, std::string_view line) const;
    [[nodiscard]] Command* taker(Data data) noexcept;
    [[nodiscard]] std::deque<InFlight>::iterator in_flight_as(std::string_view tag) noexcept;
    [[nodiscard]] bool names_are_utf8() const;
    [[nodiscard]] std::string name_from_wire(const std::string& name) const;
    void alert(std::string_view text);
    [[noreturn]] void said_goodbye(const StatusResponse& bye) const;

    // ResponseSink
    void tagged(std::string_view tag, const StatusResponse&) override;
    void untagged(const StatusResponse&) override;
    void continuation(std::string_view text) override;
    void capability(std::string_view list) override { capabilities_.assign(list); }
    void enabled(std::string_view list) override;
    void server_id(const NamedValues& values) override { server_ = values; }
    void trace(std::string_view line) override;
    void list(const ListEntry&) override;
    void status(const MailboxStatus&) override;
    void fetched(const FetchItems&) override;
    void text_begin(const FetchItems&, std::string_view section, std::uint64_t size) override;
    void text(Bytes) override;
    void text_end() override;
    void no_text(const FetchItems&, std::string_view section) override;
    void search(const SearchResult&) override;
    void vanished(const Vanished&) override;
    void flags(const FlagList&) override;
    void exists(std::uint64_t) override;
    void expunged() override;
    void namespaces(const Namespaces&) override;

    std::unique_ptr<Stream> stream_;
    Host& host_;
    const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    Setup setup_;
    CapabilitySet capabilities_;
    std::vector<std::byte> buffer_;
    Parser parser_;
    Pace pace_;
    std::deque<InFlight> in_flight_;
    std::deque<Outgoing> out_;
    std::size_t queued_bytes_ = 0;
    std::uint64_t commands_ = 0, alerts_ = 0;
    std::uint64_t answered_at_ = 0;  ///< Parser::responses() at the last tagged answer
    Command* text_taker_ = nullptr;
    Command* listener_ = nullptr;
    std::optional<Answer> greeting_;
    NamedValues server_;
    std::set<std::string, std::less<>> enabled_;
    bool broken_ = false, logging_out_ = false;
    int wake_ = -1;
    bool woken_ = false;  ///< and the stream does not look at it any more
};

}  // namespace offlineimap::imap
