// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "change_notes.hpp"
#include "folder_tree.hpp"
#include "keyword_file.hpp"

#include <cerrno>
#include <optional>
#include <span>
#include <string>

namespace offlineimap::maildir {

/// What sessions of one repository share. Thread-safe.
struct Shared {
    Shared(Host& services, Options all) : host(services), options(std::move(all)), tree(options) { }
    Host& host;
    Options options;  ///< settled before the first session
    FolderTree tree;
    StemMaker stems;
    ChangeNotes notes;
};

/// One folder while one batch is worked on: its open directories, and its files by id. Names come
/// from the last listing; where that has been overtaken by a mail reader, the folder is listed
/// again. One thread at a time.
class OpenFolder {
public:
    /// Throws not_found when the folder is not there.
    OpenFolder(Shared& shared, FolderIndex index, const Cancel& cancel);

    Folder& folder() noexcept { return folder_; }
    const Directories& directories() const noexcept { return directories_; }

    /// nullopt when the message is gone, or was when the folder was listed here.
    std::optional<Place> locate(const MessageId& id);
    /// Calls `action(const Place&)` for the message's file and returns what that returns, 0 or an
    /// error number; ENOENT makes it look for the file's new name and call again. ENOENT comes back
    /// when the message is gone, EBUSY when it is renamed faster than it is found.
    template <class Action> int with_file(const MessageId& id, Action&& action);

    /// What the letters in the names of files mean here.
    const FlagLetters& letters() const noexcept { return letters_; }
    /// Gives keywords that have no letter one, where the user wants that. Where none is left they
    /// are not kept, which is said once: from then on such a folder takes those alone that have
    /// one, so that nobody takes the others for removed.
    void need_letters(std::span<const std::string> keywords);
    /// The same for $Forwarded, if one is left; P says it in any case.
    void want_letters(Set<Flag> flags);
    /// Folder::salt, and what else decides about the letters.
    std::uint32_t salt() const noexcept { return salt_; }

    /// Renames within the folder, never replacing a file, and remembers the new name.
    int rename(const MessageId& id, const Place& from, const Place& to);
    int remove(const MessageId& id, const Place& from);
    /// Renames so that the message is called `uid`.
    int assign(const MessageId& id, std::uint64_t uid, const Place& from, const Place& to);
    /// Where a file is, for notes.
    ChangeNotes::Path path_of(const Place& place) const noexcept
    {
        return {directories_.path, place.where == Subdirectory::cur ? "cur" : "new", place.name};
    }
    /// Its name for a message that has gone to another folder.
    void forget(const MessageId& id, const Place& from);
    void touch(Subdirectory where) noexcept;
    bool has_uid(std::uint64_t uid);
    bool is_writable() const;

    Listing list();
    /// The names of a listing, for later calls to find files by; those of the latest stay.
    void keep(Listing listing);

    /// Makes what was touched durable, if the user wants that. Throws.
    void flush();

private:
    void use(KeywordNames names);
    void list_again();

    Shared& shared_;
    Folder& folder_;
    const Cancel& cancel_;
    Directories directories_;
    std::uint32_t salt_ = 0;
    FlagLetters letters_;
    bool listed_ = false, told_full_ = false;
    int listings_left_ = 8;
    bool touched_fresh_ = false, touched_cur_ = false;
};

template <class Action> int OpenFolder::with_file(const MessageId& id, Action&& action)
{
    for (;;) {
        const std::optional<Place> place = locate(id);
        if (!place) return ENOENT;
        const int error = action(*place);
        if (error != ENOENT) return error;
        if (listings_left_ == 0) return EBUSY;
        list_again();
    }
}

}  // namespace offlineimap::maildir
