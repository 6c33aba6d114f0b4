// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"
#include "select.hpp"

#include <offlineimap/repository.hpp>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace offlineimap::imap {

/// A UID SEARCH whose result is kept.
class SearchCommand final : public PlainCommand {
public:
    [[nodiscard]] Set<Data> wants() const noexcept override { return {Data::search}; }
    void search(const SearchResult& result) override;
    [[nodiscard]] const UidSet& found() const noexcept { return found_; }
    /// Whether the server said anything, be it that there are none.
    [[nodiscard]] bool has_result() const noexcept { return results_ > 0; }

private:
    UidSet found_;
    unsigned results_ = 0;
};

/// One message of a batch: its UID, and where it stands in the batch.
struct EditItem {
    Uid uid = 0;
    std::size_t index = 0;
};

[[nodiscard]] UidSet uids_of(const std::vector<EditItem>& items);

/// What is to be done to one folder: SELECT first, the rest once its answer is as expected.
class FolderEdit {
public:
    FolderEdit(Context& context, FolderIndex folder);
    virtual ~FolderEdit() = default;
    FolderEdit(const FolderEdit&) = delete;
    FolderEdit& operator=(const FolderEdit&) = delete;

    void select();
    [[nodiscard]] bool selected() const noexcept { return select_.done(); }
    /// Sends the changes, if the folder is the one that was meant.
    void apply();
    /// Once everything is answered.
    virtual void report() = 0;

protected:
    virtual void send_changes() = 0;
    /// Why nothing was done.
    [[nodiscard]] const std::optional<Error>& objection() const noexcept { return objection_; }
    [[nodiscard]] std::string what(std::string_view verb) const;
    /// Sends UID SEARCH for those of `uids` that are there.
    void search_present(const UidSet& uids, std::deque<SearchCommand>& searches);

    Context& context_;
    Folder folder_;

private:
    [[nodiscard]] std::optional<Error> find_objection() const;

    SelectCommand select_;
    std::optional<Error> objection_;
};

/// Runs the edits of all folders, one folder's changes in one write with the next one's SELECT.
void run_edits(Context& context, const std::vector<std::unique_ptr<FolderEdit>>& edits);

}  // namespace offlineimap::imap
