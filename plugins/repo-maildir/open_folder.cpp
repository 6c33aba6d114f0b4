// SPDX-License-Identifier: Apache-2.0
#include "open_folder.hpp"

#include "keyword_file.hpp"
#include "text.hpp"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace offlineimap::maildir {

OpenFolder::OpenFolder(Shared& shared, FolderIndex index, const Cancel& cancel)
    : shared_(shared)
    , folder_(shared.tree.at(index))
    , cancel_(cancel)
    , directories_(open_directories(shared.options, folder_.name))
    , salt_(folder_.salt)
    , letters_(shared.options.letters)
{
    if (shared.options.keyword_file == KeywordFile::none) return;
    // First: a file that changes between the two leaves an old salt, and so another listing.
    salt_ = salted_with_keyword_names(salt_, directories_.folder.get());
    use(read_keyword_names(directories_.folder));
}

/// The user's own letters come before those of the file.
void OpenFolder::use(KeywordNames names)
{
    const auto& own = shared_.options.letters.by_letter();
    for (std::size_t i = 0; i < names.size(); ++i)
        if (!own[i].empty()) names[i] = own[i];
    letters_ = FlagLetters(std::move(names));
}

void OpenFolder::need_letters(std::span<const std::string> keywords)
{
    if (shared_.options.keyword_file == KeywordFile::none || letters_.has_all(keywords)) return;
    use(add_keyword_names(
        directories_.folder, directories_.path, keywords, shared_.options.letters.by_letter()));
    if (letters_.has_all(keywords) || std::exchange(told_full_, true)) return;
    shared_.host.log(
        Level::warning,
        concat(
            "folder ", directories_.path,
            " has no letter left for more keywords than 26; the others stay on the other side "
            "alone (dovecot-keywords)"));
}

void OpenFolder::want_letters(Set<Flag> flags)
{
    const std::string keyword(forwarded_keyword);
    if (!flags.has(Flag::forwarded) || shared_.options.keyword_file == KeywordFile::none
        || letters_.has_all({&keyword, 1}) || letters_.full())
        return;
    use(add_keyword_names(
        directories_.folder, directories_.path, {&keyword, 1},
        shared_.options.letters.by_letter()));
}

std::optional<Place> OpenFolder::locate(const MessageId& id)
{
    {
        const std::lock_guard lock(folder_.mutex);
        if (folder_.names)
            if (auto place = folder_.names->find(id)) return place;
    }
    // It may have come since the last listing; once it has been listed here it is gone.
    if (listed_) return std::nullopt;
    list_again();
    const std::lock_guard lock(folder_.mutex);
    return folder_.names ? folder_.names->find(id) : std::nullopt;
}

void OpenFolder::list_again()
{
    --listings_left_;
    keep(list());
}

Listing OpenFolder::list()
{
    std::uint64_t number = 0;
    {
        const std::lock_guard lock(folder_.mutex);
        number = ++folder_.listings;
    }
    Listing listing = list_folder(directories_, folder_.md5, shared_.options, cancel_);
    listing.number = number;
    return listing;
}

void OpenFolder::keep(Listing listing)
{
    listed_ = true;
    const std::lock_guard lock(folder_.mutex);
    // Another session may have begun later and be done already: it has seen more than this one.
    if (listing.number < folder_.listing_of_names) return;
    folder_.names = std::move(listing.names);
    folder_.listing_of_names = listing.number;
}

bool OpenFolder::is_writable() const
{
    for (const Subdirectory where : {Subdirectory::fresh, Subdirectory::cur}) {
        if (::faccessat(directories_.at(where), ".", W_OK, AT_EACCESS) == 0) continue;
        if (errno == EACCES || errno == EROFS || errno == EPERM) return false;
        throw system_error(errno, Scope::folder, concat("look at ", directories_.path));
    }
    return true;
}

int OpenFolder::rename(const MessageId& id, const Place& from, const Place& to)
{
    const int error =
        rename_file(directories_.at(from.where), from.name, directories_.at(to.where), to.name);
    if (error != 0) return error;
    shared_.notes.note("changed", path_of(to), path_of(from));
    touch(from.where);
    touch(to.where);
    const std::lock_guard lock(folder_.mutex);
    if (folder_.names) folder_.names->rename(id, to);
    return 0;
}

int OpenFolder::remove(const MessageId& id, const Place& from)
{
    if (::unlinkat(directories_.at(from.where), from.name.c_str(), 0) != 0) return errno;
    shared_.notes.note("removed", path_of(from));
    forget(id, from);
    return 0;
}

int OpenFolder::assign(const MessageId& id, std::uint64_t uid, const Place& from, const Place& to)
{
    const int error =
        rename_file(directories_.at(from.where), from.name, directories_.at(to.where), to.name);
    if (error != 0) return error;
    shared_.notes.note("changed", path_of(to), path_of(from));
    touch(from.where);
    const std::lock_guard lock(folder_.mutex);
    if (folder_.names) folder_.names->assign(id, uid, to);
    return 0;
}

void OpenFolder::forget(const MessageId& id, const Place& from)
{
    touch(from.where);
    const std::lock_guard lock(folder_.mutex);
    if (folder_.names) folder_.names->erase(id);
}

void OpenFolder::touch(Subdirectory where) noexcept
{
    (where == Subdirectory::cur ? touched_cur_ : touched_fresh_) = true;
}

bool OpenFolder::has_uid(std::uint64_t uid)
{
    const std::lock_guard lock(folder_.mutex);
    return folder_.names && folder_.names->has_uid(uid);
}

void OpenFolder::flush()
{
    const bool wanted = shared_.options.flush == Flush::yes;
    for (const auto& [touched, where] :
         {std::pair(touched_fresh_, Subdirectory::fresh),
          std::pair(touched_cur_, Subdirectory::cur)})
        if (wanted && touched && ::fsync(directories_.at(where)) != 0)
            throw system_error(errno, Scope::folder, concat("flush directory ", directories_.path));
    touched_fresh_ = touched_cur_ = false;
}

}  // namespace offlineimap::maildir
