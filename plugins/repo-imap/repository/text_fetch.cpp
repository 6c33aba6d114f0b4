// SPDX-License-Identifier: Apache-2.0
#include "text_fetch.hpp"

#include "fetch_chunk.hpp"

#include <deque>

namespace offlineimap::imap {

namespace {

/// Messages in one command: few enough that the set stays under max_set_text.
constexpr std::size_t chunk_size = 300;
/// Commands that may follow an EXAMINE before its answer. Were it refused, each of them would be a
/// mistake in the server's eyes, and Dovecot hangs up after twenty in a row.
constexpr std::size_t early_chunks = 8;

class TextFetch {
public:
    TextFetch(Context& context, std::span<const MessageRef> messages, Part part, FetchSink& sink)
        : context_(context), messages_(messages), part_(part), sink_(sink)
    {
    }

    void run()
    {
        for (std::size_t next = 0; next < messages_.size();)
            next = send_chunk_from(next);
        drain();
        // What a refused command left open, each message alone.
        const auto again = std::exchange(leftover_, {});
        for (const auto& [folder, wanted] : again)
            send(folder, {wanted});
        drain();
    }

private:
    struct Leftover {
        FolderIndex folder;
        Wanted wanted;
    };
    struct Sent {
        Sent(
            FolderIndex index, const OpenFolder& open, Part part, FetchSink& sink,
            std::vector<Wanted> wanted)
            : folder(index), chunk(open, part, sink, std::move(wanted))
        {
        }
        FolderIndex folder;
        FetchChunk chunk;
    };

    std::size_t send_chunk_from(std::size_t next)
    {
        const auto folder = messages_[next].folder;
        std::vector<Wanted> wanted;
        for (; next < messages_.size() && messages_[next].folder == folder
             && wanted.size() < chunk_size;
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
        if (!folder.examine.done() && ++folder.chunks_sent_early > early_chunks)
            connection.wait([&folder] { return folder.examine.done(); });
        connection.wait_below(pipeline_depth);
        collect();
        auto& sent = sent_.emplace_back(index, folder, part_, sink_, std::move(wanted));
        connection.send(sent.chunk.line(), sent.chunk);
    }

    void open(FolderIndex index)
    {
        const auto folder = context_.folders.at(index);
        current_ = index;
        auto& opened = open_.emplace_back();
        opened.where = context_.where(folder);
        opened.epoch = folder.epoch;
        auto& connection = context_.connection;
        connection.send(
            select_line(connection.literals(), Access::examine, folder.wire), opened.examine);
    }

    /// Settles the chunks that are answered, in order.
    void collect()
    {
        for (; !sent_.empty() && sent_.front().chunk.done(); sent_.pop_front())
            for (const auto& wanted : sent_.front().chunk.settle())
                leftover_.push_back({sent_.front().folder, wanted});
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
    std::deque<OpenFolder> open_;
    std::deque<Sent> sent_;
    std::vector<Leftover> leftover_;
};

}  // namespace

void fetch_messages(
    Context& context, std::span<const MessageRef> messages, Part part, FetchSink& sink)
{
    TextFetch(context, messages, part, sink).run();
}

}  // namespace offlineimap::imap
