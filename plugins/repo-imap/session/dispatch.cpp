// SPDX-License-Identifier: Apache-2.0
// What arrives at a Connection, and to whom it goes.
#include "connection.hpp"
#include "protocol/cursor.hpp"
#include "protocol/text.hpp"
#include "protocol/utf7.hpp"

#include <algorithm>

namespace offlineimap::imap {

namespace {

constexpr std::size_t most_enabled = 100;
constexpr std::uint64_t most_alerts = 20;

}  // namespace

std::deque<Connection::InFlight>::iterator Connection::in_flight_as(std::string_view tag) noexcept
{
    return std::find_if(
        in_flight_.begin(), in_flight_.end(), [tag](const InFlight& f) { return f.tag == tag; });
}

void Connection::tagged(std::string_view tag, const StatusResponse& response)
{
    const auto at = in_flight_as(tag);
    if (at == in_flight_.end())
        throw Error(
            Errc::protocol, setup_.peer + ": answer to a command nobody sent: " + printable(tag));
    if (response.code.is("CAPABILITY")) capabilities_.assign(response.code.arguments);
    // It is about all of us, not about this command: what comes next would hear the same.
    if (response.status == Status::no && response.code.is("THROTTLED"))
        throw session_refusal(setup_.peer, Answer(response));
    answered_at_ = parser_.responses();
    if (host_.traces()) host_.trace(at->name, at->begin);
    const InFlight done = *at;
    in_flight_.erase(at);
    pace_.restart();
    // A command refused before its literal: the rest of it must not be sent.
    std::erase_if(out_, [this, &done](const Outgoing& o) {
        if (o.awaits != done.number) return false;
        queued_bytes_ -= o.bytes.size();
        return true;
    });
    done.command->completed(response);
}

void Connection::untagged(const StatusResponse& response)
{
    if (response.code.is("CAPABILITY")) capabilities_.assign(response.code.arguments);
    if (response.code.is("ALERT")) alert(response.text);
    if (response.status == Status::bye && !logging_out_) said_goodbye(response);
    if (!greeting_)
        greeting_.emplace(response);
    else if (auto* command = taker(Data::mailbox))
        command->untagged(response);
}

void Connection::forget()
{
    capabilities_.forget();
    enabled_.clear();
    server_.clear();
    setup_.alerts = Alerts::shown;
}

void Connection::alert(std::string_view text)
{
    if (setup_.alerts == Alerts::withheld) return;
    if (++alerts_ < most_alerts)
        host_.log(Level::warning, setup_.peer + " says: " + printable(text));
    else if (alerts_ == most_alerts)
        host_.log(Level::warning, setup_.peer + " says much more, which is not shown");
}

void Connection::said_goodbye(const StatusResponse& bye) const
{
    const auto meaning = refusal(setup_.peer, bye);
    const bool later = asks_for_patience(Answer(bye)) || bye.code.is("OVERQUOTA");
    const auto text = setup_.peer + ": server closed the connection: " + printable(bye.line);
    if (later) throw Error(Errc::unavailable, Scope::repository, Retry::later, text);
    if (meaning.code() == Errc::auth) throw Error(Errc::auth, text);
    throw Error(Errc::network, text);
}

void Connection::continuation(std::string_view text)
{
    const auto barrier = std::find_if(
        out_.begin(), out_.end(), [](const Outgoing& outgoing) { return outgoing.awaits != 0; });
    if (barrier != out_.end())
        barrier->awaits = 0;
    else if (!in_flight_.empty())
        in_flight_.front().command->go_ahead(text);
}

void Connection::enabled(std::string_view list)
{
    Cursor in(list);
    for (in.skip_blanks(); !in.at_end(); in.skip_blanks()) {
        const auto name = in.word();
        if (name.empty()) break;
        // What we never asked for, or the user does not want, stays what it was.
        if (has(upper_case(name)) && enabled_.size() < most_enabled)
            enabled_.insert(upper_case(name));
    }
}

Command* Connection::taker(Data data) noexcept
{
    for (const auto& flight : in_flight_)
        if (flight.command->wants().has(data)) {
            if (data != Data::mailbox) pace_.taken();  // a condition may be mere chatter
            return flight.command;
        }
    return listener_ && listener_->wants().has(data) ? listener_ : nullptr;
}

bool Connection::is_enabled(std::string_view extension) const
{
    return enabled_.contains(upper_case(extension));
}

/// RFC 6855 section 3, RFC 9051 section 5.1.
bool Connection::names_are_utf8() const
{
    return is_enabled("UTF8=ACCEPT") || (has("IMAP4REV2") && !has("IMAP4REV1"));
}

std::string Connection::name_from_wire(const std::string& name) const
{
    if (!names_are_utf8()) return name;
    return encode_utf7(name).value_or(name);
}

CommandLine& Connection::add_bare_name(CommandLine& line, std::string_view name) const
{
    const auto decoded = names_are_utf8() ? decode_utf7(name) : std::nullopt;
    return decoded ? line.bare_utf8_string(*decoded) : line.bare_string(name);
}

void Connection::list(const ListEntry& entry)
{
    auto* command = taker(Data::listing);
    if (!command) return;
    auto renamed = entry;
    renamed.name = name_from_wire(entry.name);
    command->list(renamed);
}

void Connection::status(const MailboxStatus& status)
{
    auto* command = taker(Data::listing);
    if (!command) return;
    auto renamed = status;
    renamed.name = name_from_wire(status.name);
    command->status(renamed);
}

void Connection::fetched(const FetchItems& items)
{
    if (auto* command = taker(Data::messages)) command->fetched(items);
}

void Connection::text_begin(const FetchItems& items, std::string_view section, std::uint64_t size)
{
    text_taker_ = taker(Data::messages);
    if (text_taker_) text_taker_->text_begin(items, section, size);
}

void Connection::text(Bytes bytes)
{
    if (!text_taker_) return;
    pace_.moved(bytes.size());
    text_taker_->text(bytes);
}

void Connection::text_end()
{
    if (auto* command = std::exchange(text_taker_, nullptr)) command->text_end();
}

void Connection::no_text(const FetchItems& items, std::string_view section)
{
    if (auto* command = taker(Data::messages)) command->no_text(items, section);
}

void Connection::search(const SearchResult& result)
{
    if (result.tag.empty()) {
        if (auto* command = taker(Data::search)) command->search(result);
    } else if (const auto at = in_flight_as(result.tag); at != in_flight_.end()) {
        at->command->search(result);
    }
}

void Connection::vanished(const Vanished& vanished)
{
    if (auto* command = taker(Data::messages)) command->vanished(vanished);
}

void Connection::flags(const FlagList& flags)
{
    if (auto* command = taker(Data::mailbox)) command->flags(flags);
}

void Connection::exists(std::uint64_t count)
{
    if (auto* command = taker(Data::mailbox)) command->exists(count);
}

void Connection::expunged()
{
    for (const auto& flight : in_flight_) {
        const auto wants = flight.command->wants();
        if (wants.has(Data::messages) || wants.has(Data::mailbox))
            return flight.command->expunged();
    }
    if (listener_) listener_->expunged();
}

void Connection::namespaces(const Namespaces& namespaces)
{
    if (auto* command = taker(Data::listing)) command->namespaces(namespaces);
}

}  // namespace offlineimap::imap
