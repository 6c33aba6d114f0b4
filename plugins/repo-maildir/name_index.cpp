// SPDX-License-Identifier: Apache-2.0
#include "name_index.hpp"

#include "text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <tuple>
#include <utility>

namespace offlineimap::maildir {
namespace {

/// No file name holds it: it stands for the own mark in a kept name, and parts an id from its
/// number among files of the same base.
constexpr char never_in_names = '/';

template <class Number> std::optional<Number> number(std::string_view digits) noexcept
{
    Number value = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, value);
    if (digits.empty() || digits.front() == '0' || error != std::errc() || stop != end)
        return std::nullopt;
    return value;
}

}  // namespace

std::optional<std::uint64_t> uid_of(const MessageId& id) noexcept
{
    // As long as find_marks() reads back.
    if (id.value.size() > 18) return std::nullopt;
    return number<std::uint64_t>(id.value);
}

MessageId id_of_base(std::string_view base)
{
    return {concat(".", base)};
}

NameIndex::NameIndex(std::string_view md5, InfoSeparator separator)
    : md5_(md5), own_mark_(concat(",FMD5=", md5)), separator_(separator)
{
}

std::string NameIndex::pack(std::string_view name) const
{
    const std::size_t at = name.find(own_mark_);
    if (at == std::string_view::npos) return std::string(name);
    return concat(
        name.substr(0, at), std::string_view(&never_in_names, 1),
        name.substr(at + own_mark_.size()));
}

void NameIndex::unpack(std::string_view packed, std::string& name) const
{
    name.clear();
    const std::size_t at = packed.find(never_in_names);
    name.append(packed.substr(0, at));
    if (at == std::string_view::npos) return;
    name.append(own_mark_);
    name.append(packed.substr(at + 1));
}

std::string_view NameIndex::packed(const Entry& entry) const noexcept
{
    return names_.c_str() + entry.position;
}

std::string_view NameIndex::base(const Entry& entry) const noexcept
{
    return split_name(packed(entry), separator_).base;
}

NameIndex::Entry NameIndex::store(Subdirectory where, std::string_view name)
{
    Entry entry;
    entry.position = names_.size() & ((std::uint64_t {1} << 62) - 1);
    entry.where = where == Subdirectory::cur ? 1 : 0;
    const std::size_t at = name.find(own_mark_);
    names_.append(name.substr(0, at));
    if (at != std::string_view::npos) {
        names_.push_back(never_in_names);
        names_.append(name.substr(at + own_mark_.size()));
    }
    names_.push_back('\0');
    return entry;
}

void NameIndex::add(Subdirectory where, std::string_view name)
{
    Entry entry = store(where, name);
    const Marks found = find_marks(split_name(name, separator_).base);
    const bool ours = found.md5 == md5_ && found.uid != 0;
    entry.key = ours ? found.uid : 0;
    (ours ? numbered_ : others_).push_back(entry);
}

void NameIndex::settle(SameBase same_base)
{
    std::sort(numbered_.begin(), numbered_.end(), [this](const Entry& a, const Entry& b) {
        if (a.key != b.key) return a.key < b.key;
        return std::make_tuple(base(a), a.where, packed(a))
            < std::make_tuple(base(b), b.where, packed(b));
    });
    if (same_base == SameBase::one_seen_twice) drop_second_sights(numbered_);
    part_same_uids();
    std::sort(others_.begin(), others_.end(), [this](const Entry& a, const Entry& b) {
        return std::make_tuple(base(a), a.where, packed(a))
            < std::make_tuple(base(b), b.where, packed(b));
    });
    if (same_base == SameBase::one_seen_twice) drop_second_sights(others_);
    number_same_bases();
}

/// Of neighbours with one base the one that was added last stays.
void NameIndex::drop_second_sights(std::vector<Entry>& entries) const
{
    std::size_t kept = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const Entry entry = entries[i];
        const bool again = kept != 0 && entries[kept - 1].key == entry.key
            && base(entries[kept - 1]) == base(entry);
        if (!again)
            entries[kept++] = entry;
        else if (entry.position > entries[kept - 1].position)
            entries[kept - 1] = entry;
    }
    entries.resize(kept);
}

void NameIndex::part_same_uids()
{
    std::size_t kept = 0;
    for (std::size_t i = 0; i < numbered_.size(); ++i) {
        const Entry entry = numbered_[i];
        const bool copy = kept != 0 && numbered_[kept - 1].key == entry.key;
        if (copy)
            others_.push_back(entry);
        else
            numbered_[kept++] = entry;
    }
    numbered_.resize(kept);
}

void NameIndex::number_same_bases()
{
    for (std::size_t i = 0; i < others_.size(); ++i) {
        const bool again = i != 0 && base(others_[i - 1]) == base(others_[i]);
        others_[i].key = again ? others_[i - 1].key + 1 : 1;
    }
}

const NameIndex::Entry* NameIndex::numbered(std::uint64_t uid) const
{
    const auto found = std::lower_bound(
        numbered_.begin(), numbered_.end(), uid,
        [](const Entry& entry, std::uint64_t value) { return entry.key < value; });
    return found != numbered_.end() && found->key == uid ? &*found : nullptr;
}

const NameIndex::Entry* NameIndex::other(std::string_view id) const
{
    const std::size_t cut = id.find(never_in_names);
    const auto copy = cut == std::string_view::npos ? std::optional<std::uint64_t>(1)
                                                    : number<std::uint64_t>(id.substr(cut + 1));
    if (!copy) return nullptr;
    const std::string wanted = pack(id.substr(0, cut));
    const auto found = std::lower_bound(
        others_.begin(), others_.end(), wanted,
        [this, &copy](const Entry& entry, const std::string& value) {
            return std::make_tuple(base(entry), entry.key)
                < std::make_tuple(std::string_view(value), *copy);
        });
    if (found == others_.end() || found->key != *copy || base(*found) != wanted) return nullptr;
    return &*found;
}

const NameIndex::Entry* NameIndex::entry_of(const MessageId& id) const
{
    const Entry* entry = nullptr;
    if (id.value.starts_with('.'))
        entry = other(std::string_view(id.value).substr(1));
    else if (const auto uid = uid_of(id))
        entry = numbered(*uid);
    return entry != nullptr && entry->gone ? nullptr : entry;
}

std::optional<Place> NameIndex::find(const MessageId& id) const
{
    const Entry* const entry = entry_of(id);
    if (entry == nullptr) return std::nullopt;
    Place place {static_cast<Subdirectory>(entry->where), {}};
    unpack(packed(*entry), place.name);
    return place;
}

bool NameIndex::has_uid(std::uint64_t uid) const
{
    const Entry* const entry = numbered(uid);
    return entry != nullptr && !entry->gone;
}

void NameIndex::rename(const MessageId& id, const Place& to)
{
    Entry* const entry = entry_of(id);
    if (entry == nullptr) return;
    const Entry stored = store(to.where, to.name);
    entry->position = stored.position;
    entry->where = stored.where;
}

void NameIndex::erase(const MessageId& id)
{
    if (Entry* const entry = entry_of(id)) entry->gone = 1;
}

void NameIndex::assign(const MessageId& id, std::uint64_t uid, const Place& to)
{
    erase(id);
    Entry entry = store(to.where, to.name);
    entry.key = uid;
    const auto at = std::lower_bound(
        numbered_.begin(), numbered_.end(), uid,
        [](const Entry& before, std::uint64_t value) { return before.key < value; });
    if (at != numbered_.end() && at->key == uid)
        *at = entry;
    else
        numbered_.insert(at, entry);
}

void NameIndex::write_uid(std::uint64_t uid, std::string& id)
{
    std::array<char, 24> digits {};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), uid);
    id.append(digits.data(), end.ptr);
}

void NameIndex::write_other(const Entry& entry, std::string_view base, std::string& id)
{
    id.push_back('.');
    id.append(base);
    if (entry.key <= 1) return;
    id.push_back(never_in_names);
    write_uid(entry.key, id);
}

}  // namespace offlineimap::maildir
