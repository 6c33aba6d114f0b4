// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/parser.hpp"

#include <string>

namespace offlineimap::imap::test {

/// Writes down what a parser reports, one line an event; the pieces of a text become one.
class Recorder final : public ResponseSink {
public:
    std::string log;

    void tagged(std::string_view tag, const StatusResponse& r) override
    {
        add("tagged " + std::string(tag) + ' ' + show(r));
    }
    void untagged(const StatusResponse& r) override { add("untagged " + show(r)); }
    void continuation(std::string_view text) override { add("+ " + std::string(text)); }
    void capability(std::string_view list) override { add("capability " + std::string(list)); }
    void enabled(std::string_view list) override { add("enabled " + std::string(list)); }
    void server_id(const NamedValues& values) override
    {
        std::string line = "id";
        for (const auto& [name, value] : values)
            line += ' ' + name + '=' + value;
        add(line);
    }
    void trace(std::string_view line) override { add("trace " + std::string(line)); }
    void list(const ListEntry& e) override
    {
        std::string line = "list";
        for (const auto attribute : e.attributes)
            line += ' ' + std::string(attribute);
        add(line + " [" + (e.delimiter ? std::string(1, e.delimiter) : "NIL") + "] " + e.name);
    }
    void status(const MailboxStatus& s) override
    {
        add("status " + s.name + number(" messages", s.messages) + number(" uidnext", s.uid_next)
            + number(" validity", s.uid_validity) + number(" modseq", s.highest_mod_seq)
            + (s.mailbox_id.empty() ? "" : " id=" + s.mailbox_id));
    }
    void fetched(const FetchItems& items) override { add("fetched " + show(items)); }
    void text_begin(const FetchItems& items, std::string_view section, std::uint64_t size) override
    {
        add("text [" + std::string(section) + "] " + std::to_string(size) + " of " + show(items));
        text_.clear();
    }
    void text(Bytes bytes) override
    {
        text_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    }
    void text_end() override { add("end " + text_); }
    void no_text(const FetchItems&, std::string_view section) override
    {
        add("no text [" + std::string(section) + ']');
    }
    void search(const SearchResult& r) override
    {
        add((r.extended ? "esearch " : "search ") + r.all.text());
    }
    void vanished(const Vanished& v) override
    {
        add((v.earlier ? "vanished earlier " : "vanished ") + v.uids.text());
    }
    void flags(const FlagList& f) override { add("flags " + flag_text(f.flags, f.keywords)); }
    void exists(std::uint64_t count) override { add("exists " + std::to_string(count)); }
    void expunged() override { add("expunged"); }
    void namespaces(const Namespaces& n) override
    {
        for (const auto& entry : n.personal)
            add("personal " + entry.prefix + ' ' + std::string(1, entry.delimiter));
    }

private:
    void add(const std::string& line) { log += line + '\n'; }
    template <class T> static std::string number(std::string_view name, const T& value)
    {
        return value ? std::string(name) + '=' + std::to_string(*value) : std::string();
    }
    static std::string show(const StatusResponse& r)
    {
        constexpr std::string_view names[] = {"OK", "NO", "BAD", "PREAUTH", "BYE"};
        return std::string(names[static_cast<std::size_t>(r.status)]) + " <"
            + std::string(r.code.name) + '|' + std::string(r.code.arguments) + "> "
            + std::string(r.text);
    }
    static std::string show(const FetchItems& i)
    {
        std::string line = std::to_string(i.sequence) + number(" uid", i.uid)
            + number(" modseq", i.mod_seq) + number(" size", i.size);
        if (i.received) line += " at " + std::to_string(i.received->time_since_epoch().count());
        if (i.has_flags) line += " (" + flag_text(i.flags.flags, i.flags.keywords) + ')';
        for (const auto& label : i.labels)
            line += " label=" + label;
        return line;
    }

    std::string text_;
};

inline Bytes bytes_of(std::string_view text)
{
    return std::as_bytes(std::span(text));
}

}  // namespace offlineimap::imap::test
