// SPDX-License-Identifier: Apache-2.0
#include "appender.hpp"

#include "new_uids.hpp"
#include "protocol/date_time.hpp"
#include "protocol/text.hpp"
#include "select.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace offlineimap::imap {

namespace {

/// Larger messages are not held in memory.
constexpr std::uint64_t gather_limit = std::uint64_t {256} << 10;
/// What one MULTIAPPEND holds: it is kept until answered, and asked for again if refused.
constexpr std::uint64_t group_limit = std::uint64_t {512} << 10;
constexpr std::size_t group_size = 100;
constexpr std::size_t groups_in_flight = 8;

std::string head_of(const Message& message)
{
    auto head = " (" + flag_text(message.flags, message.keywords) + ')';
    if (message.received) head += " \"" + format_date_time(*message.received) + '"';
    return head + ' ';
}

constexpr std::string_view end_of_header = "\r\n\r\n";

bool has_8_bit_header(std::string_view text)
{
    const auto header = text.substr(0, text.find(end_of_header));
    return std::any_of(
        header.begin(), header.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

}  // namespace

/// One command on its way: one message, or several.
class ImapAppender::Append final : public PlainCommand {
public:
    Append(FolderIndex folder, std::vector<Item> items) : folder_(folder), items_(std::move(items))
    {
    }
    void go_ahead(std::string_view) override { may_go_ = true; }
    [[nodiscard]] bool may_go() const noexcept { return may_go_; }
    [[nodiscard]] FolderIndex folder() const noexcept { return folder_; }
    [[nodiscard]] const std::vector<Item>& items() const noexcept { return items_; }
    [[nodiscard]] std::vector<Item> take_items() noexcept { return std::exchange(items_, {}); }

private:
    FolderIndex folder_;
    std::vector<Item> items_;
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

// ---------------------------------------------------------------- one message

void ImapAppender::begin(
    std::size_t index, FolderIndex folder, const Message& message, std::uint64_t size)
{
    refuse_too_large(folder, size);
    folder_ = folder;
    item_ = {.index = index, .size = size, .head = head_of(message), .text = {}};
    if (size <= gather_limit) {
        course_ = Course::gather;
    } else if (announces_utf8()) {
        course_ = Course::header;
    } else {
        course_ = Course::stream;
        begin_stream();
    }
}

bool ImapAppender::announces_utf8() const
{
    return context_.utf8_appends == Utf8Appends::announced
        && context_.connection.is_enabled("UTF8=ACCEPT");
}

void ImapAppender::refuse_too_large(FolderIndex index, std::uint64_t size) const
{
    const auto folder = context_.folders.at(index);
    const auto of_all = context_.connection.capabilities().append_limit();
    const auto limit = folder.told.append_limit ? folder.told.append_limit : of_all;
    if (!limit || size <= *limit) return;
    throw Error(
        Errc::too_large,
        "append a message of " + std::to_string(size) + " bytes to " + context_.where(folder)
            + ": the server takes no more than " + std::to_string(*limit));
}

CommandLine ImapAppender::command_for(FolderIndex folder) const
{
    CommandLine line(context_.connection.literals(), "APPEND");
    context_.connection.add_name(line, context_.folders.at(folder).wire);
    return line;
}

std::string ImapAppender::literal(Content content, std::uint64_t size) const
{
    const bool binary = content == Content::may_hold_nul && context_.has("BINARY");
    return (binary ? "~" : "") + literal_header(context_.connection.literals(), size);
}

std::string ImapAppender::literal8(std::uint64_t size) const
{
    return '~' + literal_header(context_.connection.literals(), size);
}

std::string ImapAppender::announcement(const Item& item, Content content) const
{
    const auto mark = item.as_utf8 ? "UTF8 (" + literal8(item.size) : literal(content, item.size);
    return item.head + mark + "\r\n";
}

void ImapAppender::write(Bytes chunk)
{
    if (kept_) kept_->write(chunk);
    if (course_ == Course::gather)
        item_.text.append(reinterpret_cast<const char*>(chunk.data()), chunk.size());
    else if (course_ == Course::header)
        gather_header(chunk);
    else if (course_ == Course::stream)
        context_.connection.write_through(chunk);
}

/// What the header holds decides how the message is announced.
void ImapAppender::gather_header(Bytes chunk)
{
    auto& text = item_.text;
    text.append(reinterpret_cast<const char*>(chunk.data()), chunk.size());
    const bool is_whole = text.size() >= gather_limit || text.size() == item_.size
        || text.find(end_of_header) != std::string::npos;
    if (!is_whole) return;
    item_.as_utf8 = has_8_bit_header(text);
    const auto begun = std::exchange(text, {});
    if (item_.as_utf8) item_.kept = std::make_unique<TextSpool>();
    kept_ = item_.kept.get();
    course_ = Course::stream;
    begin_stream();
    write(std::as_bytes(std::span(begun)));
}

void ImapAppender::end()
{
    kept_ = nullptr;
    switch (std::exchange(course_, Course::none)) {
    case Course::gather:
        gathered();
        break;
    case Course::stream:
        end_stream();
        break;
    case Course::none:
    case Course::header:
    case Course::swallow:
        break;
    }
    settle_answered();
}

void ImapAppender::end_stream()
{
    context_.connection.send_raw(stream_is_utf8_ ? ")\r\n" : "\r\n", Privacy::open);
}

/// What was kept of a large one.
void ImapAppender::stream_again(FolderIndex folder, Item item)
{
    const auto kept = std::move(item.kept);
    folder_ = folder;
    item_ = std::move(item);
    course_ = Course::stream;
    begin_stream();
    kept->replay([this](Bytes chunk) { write(chunk); });
    if (std::exchange(course_, Course::none) == Course::stream) end_stream();
}

void ImapAppender::abandon() noexcept
{
    kept_ = nullptr;
    // A literal that has been announced cannot be taken back.
    if (std::exchange(course_, Course::none) == Course::stream) context_.connection.give_up();
    item_.text.clear();
}

void ImapAppender::finish()
{
    do {
        send_group();
        context_.connection.wait_below(1);
        settle_answered();
    } while (!flying_.empty());  // a refused group comes back one by one
}

// ----------------------------------------------------------------- sending

void ImapAppender::gathered()
{
    item_.as_utf8 = announces_utf8() && has_8_bit_header(item_.text);
    if (!can_join_group()) {
        send_group();
        std::vector<Item> alone;
        alone.push_back(std::move(item_));
        send(folder_, std::move(alone));
        return;
    }
    if (group_folder_ != folder_ || group_.size() >= group_size
        || group_bytes_ + item_.size > group_limit)
        send_group();
    group_folder_ = folder_;
    group_bytes_ += item_.size;
    group_.push_back(std::move(item_));
}

/// RFC 3502 section 6.3.11: a literal of no bytes takes a MULTIAPPEND back.
bool ImapAppender::can_join_group() const
{
    return groups_ && item_.size > 0 && !item_.as_utf8 && context_.has("MULTIAPPEND");
}

void ImapAppender::send_group()
{
    if (group_.empty()) return;
    group_bytes_ = 0;
    send(group_folder_, std::exchange(group_, {}));
}

void ImapAppender::send(FolderIndex folder, std::vector<Item> items)
{
    auto& connection = context_.connection;
    connection.wait_below(items.size() > 1 ? groups_in_flight : pipeline_depth);
    make_writable(folder);
    auto line = command_for(folder);
    for (const auto& item : items) {
        const auto content =
            item.text.find('\0') == std::string::npos ? Content::plain : Content::may_hold_nul;
        line.raw(announcement(item, content)).literal_text(item.text);
        if (item.as_utf8) line.raw(")");
    }
    // Only a group is sent again, and what is announced as nobody may know.
    if (items.size() == 1 && !items.front().as_utf8) items.front().text = {};
    connection.send(line, flying_.emplace_back(folder, std::move(items)));
    if (connection.queued() >= gather_limit)
        connection.wait([&connection] { return connection.queued() < gather_limit; });
}

/// Courier 5.0 (2020) takes nothing for a folder that this session has open for reading alone.
void ImapAppender::make_writable(FolderIndex folder)
{
    const auto wire = context_.folders.at(folder).wire;
    if (context_.examined != wire) return;
    context_.connection.send(
        select_line(context_, Access::select, wire), reopenings_.emplace_back());
}

void ImapAppender::begin_stream()
{
    auto& connection = context_.connection;
    send_group();
    make_writable(folder_);
    const bool waits = !goes_without_waiting(connection.literals(), item_.size);
    auto line = command_for(folder_);
    stream_is_utf8_ = item_.as_utf8;
    line.raw(announcement(item_, Content::may_hold_nul));
    // So that the next "+" is ours. What the server says meanwhile that it can do comes too late.
    if (waits || line.parts().size() > 1) connection.wait_below(1);
    std::vector<Item> alone;
    alone.push_back(std::exchange(item_, {}));
    auto& append = flying_.emplace_back(folder_, std::move(alone));
    connection.send_open(line, append);
    if (!waits) return;
    connection.wait([&append] { return append.may_go() || append.done(); });
    if (append.done()) course_ = Course::swallow;
}

// ----------------------------------------------------------------- answers

void ImapAppender::settle_answered()
{
    while (!flying_.empty() && flying_.front().done()) {
        std::list<Append> answered;
        answered.splice(answered.begin(), flying_, flying_.begin());
        settle(answered.front());
    }
}

void ImapAppender::settle(Append& append)
{
    if (append.answer().ok()) {
        report_stored(append);
    } else if (sends_without_utf8(append)) {
        send_without_utf8(append.folder(), append.take_items());
    } else if (sends_each_alone(append)) {
        for (auto& item : append.take_items()) {
            std::vector<Item> alone;
            alone.push_back(std::move(item));
            send(append.folder(), std::move(alone));
        }
    } else {
        report_refused(append);
    }
}

/// Whether the refusal of a group may be due to some of its messages alone.
bool ImapAppender::sends_each_alone(const Append& append)
{
    if (append.items().size() < 2) return false;
    const auto& answer = append.answer();
    if (answer.status == Status::bad) groups_ = false;
    constexpr std::array<std::string_view, 5> of_all {
        "TRYCREATE", "NONEXISTENT", "NOPERM", "UNAVAILABLE", "INUSE"};
    return std::none_of(
        of_all.begin(), of_all.end(), [&](std::string_view code) { return answer.is(code); });
}

/// Whether the server may take it announced like any other.
bool ImapAppender::sends_without_utf8(const Append& append)
{
    const auto& item = append.items().front();
    if (!item.as_utf8) return false;
    const auto& answer = append.answer();
    if (answer.status == Status::bad) context_.utf8_appends = Utf8Appends::plain;
    const bool is_about_form = answer.code.empty() || answer.is("CANNOT") || answer.is("CLIENTBUG");
    const auto kept = item.kept ? item.kept->size() : item.text.size();
    return kept == item.size && is_about_form && !asks_for_patience(answer);
}

void ImapAppender::send_without_utf8(FolderIndex folder, std::vector<Item> items)
{
    items.front().as_utf8 = false;
    if (items.front().kept)
        stream_again(folder, std::move(items.front()));
    else
        send(folder, std::move(items));
}

/// RFC 4315 APPENDUID.
void ImapAppender::report_stored(const Append& append)
{
    const auto& answer = append.answer();
    const auto& items = append.items();
    const auto told = appended_uids(answer.is("APPENDUID") ? answer.arguments : "", items.size());
    const bool has_ids = !told.uids.empty()
        && are_believed(context_.folders, append.folder(), told.validity, told.uids);
    for (std::size_t i = 0; i < items.size(); ++i)
        sink_.stored(
            items[i].index, has_ids ? MessageId {std::to_string(told.uids[i])} : MessageId {});
}

void ImapAppender::report_refused(const Append& append)
{
    const auto what = "append to " + printable(context_.folders.at(append.folder()).wire);
    for (const auto& item : append.items()) {
        const auto error = message_refusal(what, append.answer());
        // What servers say of an empty message is seldom more than "no".
        if (item.size == 0 && error.scope() == Scope::message)
            sink_.failed(
                item.index,
                Error(
                    Errc::rejected, Scope::message, Retry::never,
                    std::string(error.what()) + " (the message is empty)"));
        else
            sink_.failed(item.index, error);
    }
}

}  // namespace offlineimap::imap
