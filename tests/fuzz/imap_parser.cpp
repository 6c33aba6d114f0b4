// SPDX-License-Identifier: Apache-2.0
#include "protocol/parser.hpp"

#include <offlineimap/error.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

using namespace offlineimap::imap;

/// Notes what is reported, so that two ways of cutting the input can be compared.
class Notes final : public ResponseSink {
public:
    std::string log;

    void tagged(std::string_view tag, const StatusResponse& r) override { note('t', tag, r.line); }
    void untagged(const StatusResponse& r) override { note('u', r.code.name, r.line); }
    void continuation(std::string_view text) override { note('+', text); }
    void capability(std::string_view list) override { note('c', list); }
    void enabled(std::string_view list) override { note('e', list); }
    void server_id(const NamedValues& values) override
    {
        for (const auto& [name, value] : values)
            note('i', name, value);
    }
    void trace(std::string_view line) override { note('r', line); }
    void list(const ListEntry& entry) override { note('l', entry.name); }
    void status(const MailboxStatus& status) override { note('s', status.name); }
    void fetched(const FetchItems& items) override
    {
        note('f', std::to_string(items.uid.value_or(0)));
    }
    void text_begin(const FetchItems&, std::string_view section, std::uint64_t size) override
    {
        if (in_text_) std::abort();
        in_text_ = true;
        left_ = size;
        note('b', section);
    }
    void text(offlineimap::Bytes bytes) override
    {
        if (!in_text_ || bytes.size() > left_) std::abort();
        left_ -= bytes.size();
        log.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    }
    void text_end() override
    {
        if (!in_text_ || left_ != 0) std::abort();
        in_text_ = false;
    }
    void search(const SearchResult& result) override { note('S', result.all.text(), result.tag); }
    void vanished(const Vanished& vanished) override { note('v', vanished.uids.text()); }
    void flags(const FlagList& flags) override
    {
        note('F', flag_text(flags.flags, flags.keywords));
    }
    void exists(std::uint64_t count) override { note('x', std::to_string(count)); }

private:
    void note(char kind, std::string_view a, std::string_view b = {})
    {
        log += kind;
        log.append(a).append(1, '|').append(b).append(1, '\n');
    }
    bool in_text_ = false;
    std::uint64_t left_ = 0;
};

std::string parse(std::string_view input, std::size_t cut)
{
    Notes notes;
    Parser parser(notes);
    try {
        parser.feed(std::as_bytes(std::span(input.substr(0, cut))));
        parser.feed(std::as_bytes(std::span(input.substr(cut))));
    } catch (const offlineimap::Error&) {
        notes.log += "refused";
    }
    return notes.log;
}

}  // namespace

/// The first byte says where the rest is cut: both ways must report the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0) return 0;
    const std::string_view input {reinterpret_cast<const char*>(data) + 1, size - 1};
    const std::size_t cut = input.empty() ? 0 : data[0] % input.size();
    if (parse(input, cut) != parse(input, 0)) std::abort();
    return 0;
}
