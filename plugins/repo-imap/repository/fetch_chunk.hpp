// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "select.hpp"
#include "text_spool.hpp"

#include <offlineimap/repository.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace offlineimap::imap {

/// The folder that some chunks read from: its EXAMINE, and the epoch the ids belong to.
struct OpenFolder {
    std::string where;  ///< for messages
    std::string epoch;
    SelectCommand examine;
    std::size_t chunks_sent_early = 0;  ///< while the EXAMINE had no answer

    [[nodiscard]] bool usable() const
    {
        return examine.ok() && (epoch.empty() || examine.epoch() == epoch);
    }
    /// Why nothing can be read from it; nothing when all is well.
    [[nodiscard]] std::optional<Error> objection() const;
};

/// A message wanted, and where it stands among all those asked for.
struct Wanted {
    Uid uid = 0;
    std::size_t index = 0;
    bool reported = false;
};

/// One UID FETCH of a set. Reports what comes; what does not come is left().
class FetchChunk final : public PlainCommand {
public:
    /// `folder` and `sink` outlive it.
    FetchChunk(const OpenFolder& folder, Part part, FetchSink& sink, std::vector<Wanted> wanted);

    [[nodiscard]] std::string line() const;
    [[nodiscard]] const std::vector<Wanted>& wanted() const noexcept { return wanted_; }
    [[nodiscard]] const OpenFolder& folder() const noexcept { return folder_; }
    /// After the answer: reports what is missing as lost, or hands it back if asking again for each
    /// alone makes sense.
    [[nodiscard]] std::vector<Wanted> settle();

    [[nodiscard]] Wants wants() const noexcept override { return Wants::mailbox; }
    void text_begin(const FetchItems&, std::string_view section, std::uint64_t size) override;
    void text(Bytes bytes) override;
    void text_end() override;
    void no_text(const FetchItems&, std::string_view section) override;
    void fetched(const FetchItems& items) override;

private:
    enum class Course : std::uint8_t { drop, deliver, spool };

    [[nodiscard]] Wanted* find(const FetchItems& items) noexcept;
    [[nodiscard]] bool is_complete(const FetchItems& items) const noexcept;
    void begin_delivery(Wanted& wanted, const FetchItems& items, std::uint64_t size);
    void deliver(Bytes bytes);
    void end_delivery();
    void deliver_spool(const FetchItems& items);

    const OpenFolder& folder_;
    Part part_;
    FetchSink& sink_;
    std::vector<Wanted> wanted_;  ///< ascending by UID
    Course course_ = Course::drop;
    bool rest_wanted_ = true;
    std::optional<TextSpool> spool_;
    bool text_missing_ = false;
    Message message_;
};

}  // namespace offlineimap::imap
