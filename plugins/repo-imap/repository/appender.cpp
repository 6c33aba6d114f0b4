// SPDX-License-Identifier: Apache-2.0
#include "appender.hpp"

#include "protocol/date_time.hpp"
#include "protocol/text.hpp"

#include <algorithm>

namespace offlineimap::imap {

namespace {

/// Larger messages are not held in memory.
constexpr std::uint64_t gather_limit = std::uint64_t {256} << 10;

}  // namespace

/// One message on its way.
class ImapAppender::Append final : public PlainCommand {
public:
    Append(std::size_t index, FolderIndex folder) : index_(index), folder_(folder) { }
    void go_ahead(std::string_view) override { may_go_ = true; }
    [[nodiscard]] bool may_go() const noexcept { return may_go_; }
    [[nodiscard]] std::size_t index() const noexcept { return index_; }
    [[nodiscard]] FolderIndex folder() const noexcept { return folder_; }

    /// RFC 4315 APPENDUID, if it belongs to the epoch the core knows.
    [[nodiscard]] MessageId new_id(const std::string& epoch) const
    {
        if (!answer().is("APPENDUID")) return {};
        Cursor in(answer().arguments);
        const auto validity = in.word();
        in.skip_blanks();
        const auto uid = in.word();
        if (!parse_uid(uid) || (!epoch.empty() && epoch != validity)) return {};
        return {std::string(uid)};
    }

private:
    std::size_t index_;
    FolderIndex folder_;
    bool may_go_ = false;
};

ImapAppender::ImapAppender(Context& context, StoreSink& sink) : context_(context), sink_(sink) { }

ImapAppender::~ImapAppender()
{
    // Answers that nobody will read, or half a message on the line.
    const bool unanswered = std::any_of(
        flying_.begin(), flying_.end(), [](const Append& append) { return !append.done(); });
    if (unanswered || course_ == Course::stream) context_.connection.give_up();
}

void ImapAppender::begin(
    std::size_t index, FolderIndex folder, const Message& message, std::uint64_t size)
{
    refuse_too_large(size);
    CommandLine line(LiteralMode::plus, "APPEND");
    line.string(context_.folders.at(folder).wire);
    line.raw(" (" + flag_text(message.flags, message.keywords) + ')');
    if (message.received) line.raw(" \"" + format_date_time(*message.received) + '"');
    head_ = line.parts().front() + ' ';
    index_ = index;
    folder_ = folder;
    size_ = size;
    text_.clear();
    course_ = size <= gather_limit ? Course::gather : Course::stream;
    if (course_ == Course::stream) begin_stream();
}

void ImapAppender::refuse_too_large(std::uint64_t size) const
{
    const auto limit = context_.connection.capabilities().append_limit();
    if (!limit || size <= *limit) return;
    throw Error(
        Errc::too_large,
        "append a message of " + std::to_string(size) + " bytes: " + context_.connection.peer()
            + " takes no more than " + std::to_string(*limit));
}

std::string ImapAppender::literal(Content content) const
{
    const bool binary = content == Content::may_hold_nul && context_.has("BINARY");
    return (binary ? "~" : "") + literal_header(context_.connection.literals(), size_);
}

void ImapAppender::write(Bytes chunk)
{
    if (course_ == Course::gather)
        text_.append(reinterpret_cast<const char*>(chunk.data()), chunk.size());
    else if (course_ == Course::stream)
        context_.connection.write_through(chunk);
}

void ImapAppender::end()
{
    switch (std::exchange(course_, Course::none)) {
    case Course::gather:
        send_gathered();
        break;
    case Course::stream:
        context_.connection.send_raw("\r\n", Privacy::open);
        break;
    case Course::none:
    case Course::swallow:
        break;
    }
    report_answered();
}

void ImapAppender::send_gathered()
{
    auto& connection = context_.connection;
    const auto content =
        text_.find('\0') == std::string::npos ? Content::plain : Content::may_hold_nul;
    CommandLine line(connection.literals(), head_ + literal(content) + "\r\n");
    line.literal_text(text_);
    connection.wait_below(pipeline_depth);
    connection.send(line, flying_.emplace_back(index_, folder_));
    if (connection.queued() >= gather_limit)
        connection.wait([&connection] { return connection.queued() < gather_limit; });
}

void ImapAppender::begin_stream()
{
    auto& connection = context_.connection;
    const bool waits = !goes_without_waiting(connection.literals(), size_);
    if (waits) connection.wait_below(1);  // so that the next "+" is ours
    auto& append = flying_.emplace_back(index_, folder_);
    connection.send_open(head_ + literal(Content::may_hold_nul), append);
    if (!waits) return;
    connection.wait([&append] { return append.may_go() || append.done(); });
    if (append.done()) course_ = Course::swallow;
}

void ImapAppender::abandon() noexcept
{
    // A literal that has been announced cannot be taken back.
    if (std::exchange(course_, Course::none) == Course::stream) context_.connection.give_up();
    text_.clear();
}

void ImapAppender::finish()
{
    context_.connection.wait_below(1);
    report_answered();
}

void ImapAppender::report_answered()
{
    for (; !flying_.empty() && flying_.front().done(); flying_.pop_front()) {
        const auto& append = flying_.front();
        const auto folder = context_.folders.at(append.folder());
        if (append.answer().ok())
            sink_.stored(append.index(), append.new_id(folder.epoch));
        else
            sink_.failed(
                append.index(),
                message_refusal("append to " + printable(folder.wire), append.answer()));
    }
}

}  // namespace offlineimap::imap
