// SPDX-License-Identifier: Apache-2.0
#include "packing.hpp"

namespace offlineimap::status {
namespace {

// The first number of a state: these bits, and the flags above them.
constexpr std::uint64_t has_left = 1, has_keywords = 2, has_labels = 4;
constexpr unsigned flags_shift = 3;

void pack_list(std::string& out, const std::vector<std::string>& items)
{
    pack(out, items.size());
    for (const std::string& item : items)
        pack(out, item);
}

}  // namespace

void pack(std::string& out, std::uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        out += static_cast<char>(number | 0x80);
    out += static_cast<char>(number);
}

void pack(std::string& out, std::string_view text)
{
    pack(out, text.size());
    out += text;
}

void pack_state(std::string& out, const Record& record)
{
    std::uint64_t head = record.flags.bits() << flags_shift;
    if (record.left != record.right) head |= has_left;
    if (!record.keywords.empty()) head |= has_keywords;
    if (!record.labels.empty()) head |= has_labels;
    pack(out, head);
    if ((head & has_left) != 0) pack(out, record.left.value);
    if ((head & has_keywords) != 0) pack_list(out, record.keywords);
    if ((head & has_labels) != 0) pack_list(out, record.labels);
}

std::optional<std::uint64_t> Unpacker::number() noexcept
{
    std::uint64_t number = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
        const auto byte = static_cast<unsigned char>(rest_.front());
        rest_.remove_prefix(1);
        number |= std::uint64_t {byte & 0x7fu} << shift;
        if ((byte & 0x80) == 0) return number;
    }
    return std::nullopt;
}

std::optional<std::string_view> Unpacker::text() noexcept
{
    const auto size = number();
    if (!size || *size > rest_.size()) return std::nullopt;
    const auto text = rest_.substr(0, *size);
    rest_.remove_prefix(*size);
    return text;
}

bool Unpacker::state(Record& record)
{
    record.keywords.clear();
    record.labels.clear();
    const auto head = number();
    if (!head) return false;
    record.flags = Set<Flag>::from_bits(*head >> flags_shift);
    if ((*head & has_left) != 0) {
        const auto left = text();
        if (!left) return false;
        record.left.value = *left;
    } else {
        record.left.value = record.right.value;
    }
    return ((*head & has_keywords) == 0 || list(record.keywords))
        && ((*head & has_labels) == 0 || list(record.labels));
}

bool Unpacker::list(std::vector<std::string>& items)
{
    const auto count = number();
    if (!count || *count > rest_.size()) return false;
    items.reserve(*count);
    for (std::uint64_t i = 0; i < *count; ++i) {
        const auto item = text();
        if (!item) return false;
        items.emplace_back(*item);
    }
    return true;
}

}  // namespace offlineimap::status
