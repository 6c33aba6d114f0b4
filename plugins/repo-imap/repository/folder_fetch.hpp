// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "select.hpp"
#include "text_spool.hpp"

#include <offlineimap/repository.hpp>

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace offlineimap::imap {

/// A message wanted, and where it stands among all those asked for.
struct Wanted {
    Uid uid = 0;
    std::size_t index = 0;
};

/// What is read from one folder in one go: the EXAMINE that opened it, and the messages asked for.
/// Servers may work on several FETCHes at once and mix their answers, so what comes is sorted by
/// UID, not by command.
class FolderFetch {
public:
    /// `where` is for messages; `epoch` is what the ids belong to, empty = any. `sink` outlives it.
    FolderFetch(
        std::string where, std::string epoch, std::shared_ptr<const SelectCommand> examine,
        Part part, FetchSink& sink);

    [[nodiscard]] bool is_open() const noexcept { return examine_->done(); }
    std::size_t sets_sent_early = 0;  ///< while the EXAMINE had no answer

    /// UID FETCH for these, which must be new.
    [[nodiscard]] std::string ask_for(const std::vector<Wanted>& wanted);
    /// Once that is answered: reports what has not come as lost, or hands it back if asking again
    /// for each alone makes sense.
    [[nodiscard]] std::vector<Wanted>
    settle(const std::vector<Wanted>& wanted, const Answer& answer);

    void text_begin(const FetchItems&, std::string_view section, std::uint64_t size);
    void text(Bytes bytes);
    void text_end();
    void no_text() noexcept { text_missing_ = true; }
    void fetched(const FetchItems& items);

private:
    enum class Course : std::uint8_t { drop, deliver, spool };

    [[nodiscard]] bool usable() const;
    [[nodiscard]] std::optional<Error> objection() const;
    [[nodiscard]] bool awaits(const FetchItems& items) const;
    [[nodiscard]] bool is_complete(const FetchItems& items) const noexcept;
    void begin_delivery(const FetchItems& items, std::uint64_t size);
    void deliver(Bytes bytes);
    void report_no_text(Uid uid);
    [[nodiscard]] std::string what(Uid uid) const;

    std::string where_, epoch_;
    std::shared_ptr<const SelectCommand> examine_;
    Part part_;
    FetchSink& sink_;
    std::unordered_map<Uid, std::size_t> awaited_;  ///< UID to index
    Course course_ = Course::drop;
    bool rest_wanted_ = true, text_missing_ = false;
    bool delivered_ = false;  ///< the text; whether it was the whole one the rest shows
    std::optional<TextSpool> spool_;
    Message message_;  ///< kept for its memory
};

/// One UID FETCH of a set; its data goes to the folder.
class FetchSetCommand final : public PlainCommand {
public:
    FetchSetCommand(FolderFetch& folder, std::vector<Wanted> wanted)
        : folder_(folder), wanted_(std::move(wanted))
    {
    }
    [[nodiscard]] Set<Data> wants() const noexcept override { return {Data::messages}; }
    void text_begin(const FetchItems& items, std::string_view section, std::uint64_t size) override
    {
        folder_.text_begin(items, section, size);
    }
    void text(Bytes bytes) override { folder_.text(bytes); }
    void text_end() override { folder_.text_end(); }
    void no_text(const FetchItems&, std::string_view) override { folder_.no_text(); }
    void fetched(const FetchItems& items) override { folder_.fetched(items); }

    [[nodiscard]] std::string line() const { return folder_.ask_for(wanted_); }
    [[nodiscard]] std::vector<Wanted> settle() const { return folder_.settle(wanted_, answer()); }

private:
    FolderFetch& folder_;
    std::vector<Wanted> wanted_;
};

}  // namespace offlineimap::imap
