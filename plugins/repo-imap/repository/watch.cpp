// SPDX-License-Identifier: Apache-2.0
#include "watch.hpp"

#include "listing.hpp"
#include "select.hpp"
#include "watch_list.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <optional>

namespace offlineimap::imap {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view events = "(MessageNew MessageExpunge FlagChange";

/// Why the server sends a STATUS: it was asked for, or something happened.
enum class Pushed : std::uint8_t { on_request, by_events };

/// What the server says while it is watched, whoever was meant.
class Listener final : public Command {
public:
    explicit Listener(WatchList& list) : list_(list) { }
    [[nodiscard]] Set<Data> wants() const noexcept override
    {
        return {Data::listing, Data::mailbox, Data::messages};
    }
    void completed(const StatusResponse&) override { }

    /// A folder is open: what is said of messages is said of this one.
    void opened(std::optional<std::size_t> at) noexcept { open_ = at; }
    void pushed(Pushed pushed) noexcept { pushed_ = pushed; }
    void expect_no_overflow() noexcept { overflowed_ = false; }
    [[nodiscard]] bool overflowed() const noexcept { return overflowed_; }

    void untagged(const StatusResponse& response) override
    {
        if (!response.code.is("NOTIFICATIONOVERFLOW")) return;
        overflowed_ = true;  // RFC 5465 section 5.8: there will be no more
        list_.touch_all();
    }
    void status(const MailboxStatus& status) override
    {
        if (pushed_ == Pushed::by_events) list_.touch(status.name);
        list_.seen(status);
    }
    void list(const ListEntry&) override { list_.touch_tree(); }
    void fetched(const FetchItems&) override { touch_open(); }
    void vanished(const Vanished&) override { touch_open(); }
    void exists(std::uint64_t) override { touch_open(); }
    void expunged() override { touch_open(); }

private:
    void touch_open()
    {
        if (open_) list_.touch(*open_);
    }

    WatchList& list_;
    std::optional<std::size_t> open_;
    Pushed pushed_ = Pushed::on_request;
    bool overflowed_ = false;
};

/// RFC 2177
class IdleCommand final : public PlainCommand {
public:
    void go_ahead(std::string_view) override { idling_ = true; }
    [[nodiscard]] bool idling() const noexcept { return idling_; }

private:
    bool idling_ = false;
};

class Watch {
public:
    Watch(Context& context, WatchList& list, WatchSink& sink, const Cancel& stop)
        : connection_(context.connection)
        , context_(context)
        , list_(list)
        , sink_(sink)
        , stop_(stop)
        , listener_(list)
    {
        connection_.listen(&listener_);
        connection_.wake_on(stop.fd());
    }
    ~Watch()
    {
        connection_.listen(nullptr);
        connection_.wake_on(-1);
    }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    void run()
    {
        while (!stop_.requested())
            if (!run_notify()) run_idle();
    }

private:
    // ---- NOTIFY

    /// False: the server cannot.
    bool run_notify()
    {
        if (!can_notify(context_)) return false;
        // RFC 5465 section 6.1: the selected folder would be one of its own kind. Refused when
        // there is none.
        listener_.expect_no_overflow();
        const auto begun = Clock::now();
        PlainCommand unselect, set;
        connection_.send("UNSELECT", unselect);
        context_.examined.clear();
        connection_.send(notify_line(), set);
        connection_.wait_below(1);  // in whatever order they are answered
        if (!set.answer().ok()) {
            if (set.answer().status == Status::bad) context_.notifies = Notifies::refused;
            return false;
        }
        listener_.pushed(Pushed::by_events);
        while (!stop_.requested() && !listener_.overflowed())
            if (!wait_for_news(Clock::now() + context_.preferences.say_something)) say_something();
        list_.report(sink_);
        (void)connection_.run("NOTIFY NONE");
        listener_.pushed(Pushed::on_request);
        if (listener_.overflowed()) rest_until(begun + context_.preferences.poll_interval);
        return true;
    }

    /// A server that can never keep up is not asked again and again.
    void rest_until(Clock::time_point deadline)
    {
        listener_.expect_no_overflow();
        wait_until(deadline);
    }

    [[nodiscard]] CommandLine notify_line() const
    {
        CommandLine line(connection_.literals(), "NOTIFY SET STATUS (");
        if (watches_all()) return line.raw("personal ").raw(events).raw(" MailboxName))");
        line.raw("mailboxes (");
        for (const auto& entry : list_.entries()) {
            if (&entry != &list_.entries().front()) line.raw(" ");
            connection_.add_bare_name(line, entry.wire);
        }
        return line.raw(") ").raw(events).raw("))");
    }

    [[nodiscard]] bool watches_all() const
    {
        return list_.entries().size() == context_.folders.all().size();
    }

    void say_something()
    {
        if (!stop_.requested()) (void)connection_.run("NOOP");
    }

    // ---- IDLE and STATUS

    void run_idle()
    {
        // STATUS of a folder that is open tells nothing (RFC 3501 section 6.3.10); so the one open
        // must be one that is told of otherwise.
        const bool opened = open_first();
        bool idles = opened && context_.has("IDLE");
        while (!stop_.requested()) {
            poll(opened ? 1 : 0);
            if (opened && !idles) say_something();
            list_.report(sink_);
            const auto deadline = Clock::now() + pause(idles);
            if (idles)
                idles = idle_until(deadline);
            else
                wait_until(deadline);
        }
    }

    /// Several folders: until the others are asked for again.
    [[nodiscard]] std::chrono::milliseconds pause(bool idles) const
    {
        const auto& preferences = context_.preferences;
        if (idles && list_.entries().size() == 1) return preferences.say_something;
        return std::min(preferences.poll_interval, preferences.say_something);
    }

    bool open_first()
    {
        if (list_.entries().empty()) return false;
        SelectCommand examine;
        connection_.send(
            select_line(context_, Access::examine, list_.entries().front().wire), examine);
        connection_.wait([&examine] { return examine.done(); });
        if (!examine.ok()) return false;
        list_.seen(0, examine.mailbox());
        listener_.opened(0);
        return true;
    }

    /// False: the server refuses to, or ends it by itself: begun again at once, that might never
    /// end.
    bool idle_until(Clock::time_point deadline)
    {
        IdleCommand idle;
        connection_.send("IDLE", idle);
        connection_.wait([&idle] { return idle.idling() || idle.done(); });
        while (!idle.done() && !stop_.requested() && wait_for_news(deadline)) { }
        const bool is_for_us_to_end = !idle.done();
        if (is_for_us_to_end) {
            connection_.send_raw("DONE\r\n", Privacy::open);
            connection_.wait([&idle] { return idle.done(); });
        }
        list_.report(sink_);
        return is_for_us_to_end && idle.answer().ok();
    }

    /// STATUS of all from that one on. Without HIGHESTMODSEQ the number of unread messages is all
    /// that tells of a flag.
    void poll(std::size_t from)
    {
        const auto* more = context_.has("CONDSTORE") ? "" : " UNSEEN";
        std::deque<PlainCommand> questions;
        for (std::size_t at = from; at < list_.entries().size() && !stop_.requested(); ++at) {
            connection_.wait_below(pipeline_depth);
            connection_.send(
                status_line(context_, list_.entries()[at].wire, more), questions.emplace_back());
        }
        connection_.wait_below(1);
    }

    // ---- waiting

    /// Reports what comes. False: nothing did until then, or all is to end.
    bool wait_for_news(Clock::time_point deadline)
    {
        const auto there = [this] { return list_.has_news() || listener_.overflowed(); };
        const bool came = connection_.wait_until(there, deadline);
        list_.report(sink_);
        return came;
    }

    void wait_until(Clock::time_point deadline)
    {
        while (!stop_.requested() && wait_for_news(deadline)) { }
    }

    Connection& connection_;
    Context& context_;
    WatchList& list_;
    WatchSink& sink_;
    const Cancel& stop_;
    Listener listener_;
};

}  // namespace

bool can_notify(const Context& context)
{
    return context.notifies == Notifies::as_announced && context.has("NOTIFY")
        && context.has("UNSELECT");
}

void watch_folders(
    Context& context, std::span<const FolderPath> paths, WatchSink& sink, const Cancel& stop)
{
    if (context.folders.all().empty()) (void)list_folders(context);
    WatchList list(context, paths);
    Watch(context, list, sink, stop).run();
}

}  // namespace offlineimap::imap
