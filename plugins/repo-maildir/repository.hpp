// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "open_folder.hpp"

#include <offlineimap/facets.hpp>
#include <offlineimap/repository.hpp>

#include <memory>
#include <mutex>
#include <utility>

namespace offlineimap::maildir {

/// A Maildir, or many below one root.
///
/// How it maps to the SDK's model: an id is the UID in a file's name (name_index.hpp); what changed
/// is told by directory times (change_token.hpp); a flag is a letter in the name, so an edit is a
/// rename; a text never changes. What it may meet: mail readers that rename, move and remove files
/// at any moment, and copies of Maildirs made by hand.
class MaildirRepository final : public Repository,
                                public FolderNaming,
                                public FileChanges,
                                public FolderCase {
public:
    explicit MaildirRepository(Host& host);

    std::unique_ptr<Session> connect(const Cancel& cancel) override;
    unsigned max_sessions() const noexcept override { return 4; }
    void* facet(std::string_view name) noexcept override;
    void use_visible_names(Naming visible) override
    {
        shared_.tree.use_visible_names(std::move(visible));
    }
    std::uint64_t mark_anew(Doing doing, const Cancel& cancel) override;
    void note_in(const std::filesystem::path& file) override { shared_.notes.begin(file); }
    bool end_of_notes() override { return shared_.notes.end(); }
    bool folds_case() override;

private:
    void choose_separator();

    Shared shared_;
    std::once_flag separator_chosen_;
};

}  // namespace offlineimap::maildir
