// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "file_name.hpp"

#include <offlineimap/types.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace offlineimap::maildir {

/// `fresh` is the directory new/.
enum class Subdirectory : std::uint8_t { fresh, cur };

struct Place {
    Subdirectory where = Subdirectory::fresh;
    std::string name;
    friend bool operator==(const Place&, const Place&) = default;
};

/// A listing may see one file twice, when it is renamed meanwhile.
enum class SameBase : std::uint8_t {
    two_files,      ///< nothing changed during the listing, so both are there
    one_seen_twice  ///< the later sight counts
};

/// The files of one folder by message id, about 60 bytes each.
///
/// A file with this folder's own marks has the UID in its name for an id. Any other is new, and its
/// id is "." and the base of its name: that is stable under changes of flags, it is no number, and
/// two deliveries never share it. Where two files do (somebody copied one to another directory or
/// other flags), the second gets "/2" behind, which no file name can hold. Of several files with
/// the same UID (copies) the one with the least base keeps it, the others are new.
///
/// One thread at a time.
class NameIndex {
public:
    /// `md5` is that of this folder's visible name.
    NameIndex(std::string_view md5, InfoSeparator separator);

    void add(Subdirectory where, std::string_view name);
    /// To be called once, after the last add() and before anything else.
    void settle(SameBase same_base);

    std::optional<Place> find(const MessageId& id) const;
    bool has_uid(std::uint64_t uid) const;
    std::size_t size() const noexcept { return numbered_.size() + others_.size(); }

    void rename(const MessageId& id, const Place& to);
    void erase(const MessageId& id);
    /// The message is called `uid` from now on.
    void assign(const MessageId& id, std::uint64_t uid, const Place& to);

    /// Calls `visit(const MessageId&, Subdirectory, std::string_view name)`.
    template <class Visit> void for_each(Visit&& visit) const;

private:
    struct Entry {
        std::uint64_t key = 0;            ///< UID; among the others which one of the same base
        std::uint64_t position : 62 = 0;  ///< in names_
        std::uint64_t where : 1 = 0;
        std::uint64_t gone : 1 = 0;
    };

    std::string_view packed(const Entry& entry) const noexcept;
    std::string_view base(const Entry& entry) const noexcept;
    void unpack(std::string_view packed, std::string& name) const;
    std::string pack(std::string_view name) const;
    Entry store(Subdirectory where, std::string_view name);

    void drop_second_sights(std::vector<Entry>& entries) const;
    void part_same_uids();
    void number_same_bases();

    const Entry* entry_of(const MessageId& id) const;
    const Entry* numbered(std::uint64_t uid) const;
    const Entry* other(std::string_view id) const;
    Entry* entry_of(const MessageId& id)
    {
        return const_cast<Entry*>(static_cast<const NameIndex*>(this)->entry_of(id));
    }
    static void write_uid(std::uint64_t uid, std::string& id);
    static void write_other(const Entry& entry, std::string_view base, std::string& id);

    std::string md5_;
    std::string own_mark_;  ///< ",FMD5=<md5>", kept as one '/' in names_
    InfoSeparator separator_;
    std::string names_;  ///< each ends with NUL
    std::vector<Entry> numbered_, others_;
};

template <class Visit> void NameIndex::for_each(Visit&& visit) const
{
    MessageId id;
    std::string name;
    for (const Entry& entry : numbered_) {
        if (entry.gone) continue;
        id.value.clear();
        write_uid(entry.key, id.value);
        unpack(packed(entry), name);
        visit(id, static_cast<Subdirectory>(entry.where), std::string_view(name));
    }
    for (const Entry& entry : others_) {
        if (entry.gone) continue;
        unpack(packed(entry), name);
        id.value.clear();
        write_other(entry, split_name(name, separator_).base, id.value);
        visit(id, static_cast<Subdirectory>(entry.where), std::string_view(name));
    }
}

/// The number an id stands for, if it is one that we give: decimal, no leading zero, not 0.
[[nodiscard]] std::optional<std::uint64_t> uid_of(const MessageId& id) noexcept;

/// What a new file's id is, copies aside.
[[nodiscard]] MessageId id_of_base(std::string_view base);

}  // namespace offlineimap::maildir
