// SPDX-License-Identifier: Apache-2.0
#include "text_fetch.hpp"

#include "folder_fetch.hpp"

#include <deque>
#include <utility>

namespace offlineimap::imap {

namespace {

/// Messages in one command: few enough that the set stays under max_set_text.
constexpr std::size_t set_size = 300;
/// Commands that may follow an EXAMINE before its answer. Were it refused, each of them would be a
/// mistake in the server's eyes, and Dovecot hangs up after twenty in a row.
constexpr std::size_t early_sets = 8;

class TextFetch {
public:
    TextFetch(Context& context, std::span<const MessageRef> messages, Part part, FetchSink& sink)
        : context_(context), messages_(messages), part_(part), sink_(sink)
    {
    }

    void run()
    {
        for (std::size_t next = 0; next < messages_.size();)
            next = send_set_from(next);
        drain();
        // What a refused command left open, each message alone.
        for (const auto& [folder, wanted] : std::exchange(leftover_, {}))
            send(folder, {wanted});
        drain();
    }

private:
    struct Sent {
        Sent(FolderIndex index, FolderFetch& open, std::vector<Wanted> wanted)
            : folder(index), command(open, std::move(wanted))
        {
        }
        FolderIndex folder;
        FetchSetCommand command;
    };

    /// Takes what can go into one command; returns where the next one begins.
    std::size_t send_set_from(std::size_t next)
    {
        const auto folder = messages_[next].folder;
        std::vector<Wanted> wanted;
        for (; next < messages_.size() && messages_[next].folder == folder
             && wanted.size() < set_size;
             ++next) {
            if (const auto uid = parse_uid(messages_[next].id.value))
                wanted.push_back({*uid, next});
            else
                refuse(next);
        }
        if (!wanted.empty()) send(folder, std::move(wanted));
        return next;
    }

    void refuse(std::size_t index)
    {
        sink_.failed(
            index,
            Error(
                Errc::not_found, Scope::message, Retry::never, "read a message: its id is no UID"));
    }

    void send(FolderIndex index, std::vector<Wanted> wanted)
    {
        if (open_.empty() || current_ != index) open(index);
        auto& folder = open_.back();
        auto& connection = context_.connection;
        if (!folder.is_open() && ++folder.sets_sent_early > early_sets)
            connection.wait([&folder] { return folder.is_open(); });
        connection.wait_below(pipeline_depth);
        collect();
        auto& sent = sent_.emplace_back(index, folder, std::move(wanted));
        connection.send(sent.command.line(), sent.command);
    }

    void open(FolderIndex index)
    {
        const auto folder = context_.folders.at(index);
        current_ = index;
        open_.emplace_back(
            context_.where(folder), folder.epoch, examine(folder.wire), part_, sink_);
    }

    /// A folder that an earlier fetch left open is not opened again: in one of a million messages
    /// that takes a server seconds.
    std::shared_ptr<const SelectCommand> examine(const std::string& wire)
    {
        if (context_.examined == wire && context_.examine && context_.examine->ok())
            return context_.examine;
        auto command = std::make_shared<SelectCommand>();
        context_.connection.send(select_line(context_, Access::examine, wire), *command);
        context_.examine = command;
        return command;
    }

    /// Settles the commands that are answered, in order.
    void collect()
    {
        for (; !sent_.empty() && sent_.front().command.done(); sent_.pop_front())
            for (const auto& wanted : sent_.front().command.settle())
                leftover_.emplace_back(sent_.front().folder, wanted);
    }

    void drain()
    {
        context_.connection.wait_below(1);
        collect();
        open_.clear();
    }

    Context& context_;
    std::span<const MessageRef> messages_;
    Part part_;
    FetchSink& sink_;
    FolderIndex current_ = 0;
    std::deque<FolderFetch> open_;
    std::deque<Sent> sent_;
    std::vector<std::pair<FolderIndex, Wanted>> leftover_;
};

}  // namespace

void fetch_messages(
    Context& context, std::span<const MessageRef> messages, Part part, FetchSink& sink)
{
    TextFetch(context, messages, part, sink).run();
}

}  // namespace offlineimap::imap
