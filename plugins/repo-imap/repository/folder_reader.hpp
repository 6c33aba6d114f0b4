// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"
#include "protocol/uid_tally.hpp"
#include "select.hpp"

#include <offlineimap/repository.hpp>

#include <deque>
#include <memory>
#include <string>

namespace offlineimap::imap {

class FolderReader;

/// Which reader reports: the sink takes one folder at a time, whatever order the server answers in.
struct Floor {
    const FolderReader* holder = nullptr;
};

/// Reads what changed in one folder. Its commands are in flight while those of other folders are,
/// too; what the server says is reported as it comes.
class FolderReader {
public:
    /// All of it outlives the reader.
    FolderReader(Context& context, const ChangeRequest& request, ChangeSink& sink, Floor& floor);
    ~FolderReader();
    FolderReader(const FolderReader&) = delete;
    FolderReader& operator=(const FolderReader&) = delete;

    /// Sends all commands of a pass.
    void start();
    /// After a pass: it was not enough, or showed that the token is void.
    [[nodiscard]] bool wants_another_pass() const noexcept { return another_pass_; }

private:
    enum class Plan : std::uint8_t {
        delta,         ///< FETCH CHANGEDSINCE VANISHED
        delta_listed,  ///< FETCH CHANGEDSINCE, SEARCH ALL
        snapshot,      ///< FETCH of every message
        window,        ///< SEARCH for what lies in the window
        found,         ///< FETCH of what the search found
    };
    class DataCommand;

    [[nodiscard]] Plan first_plan() const;
    [[nodiscard]] bool is_delta() const noexcept
    {
        return plan_ == Plan::delta || plan_ == Plan::delta_listed;
    }
    void ask_for_data();
    void ask_fetch(const std::string& set, const std::string& modifier);
    void ask_search(const std::string& criteria);
    void ask_window();
    [[nodiscard]] bool saves_searches() const;
    void send_data_command(const std::string& line);
    [[nodiscard]] std::string window_criteria() const;
    [[nodiscard]] std::string what() const;

    void selected();
    void answered(const Answer& answer);
    void end_of_pass();
    /// What changed cannot be told, or not what went: the next pass lists all there is.
    void list_instead(Plan plan);
    /// Whether the server refused an extension that can be done without: then the next pass does.
    bool does_without(const Answer& answer);
    [[nodiscard]] std::uint64_t most_messages() const;
    /// Reports what has been held back until it was known to add up.
    void report_held();
    /// Reports what went before anything else. False when that cannot be true.
    bool report_vanished();
    void begin();
    /// Throws protocol while another folder is being reported.
    void take_floor();
    void leave_floor() noexcept;
    void fail(const Error& why);
    [[nodiscard]] std::optional<Error> incomplete(const Answer& answer) const;
    [[nodiscard]] bool reports() const noexcept { return open_ && !failed_; }
    void fetched(const FetchItems& items);
    void vanished(const Vanished& vanished);
    void found(const SearchResult& result);

    Context& context_;
    const ChangeRequest& request_;
    ChangeSink& sink_;
    Floor& floor_;
    Folder folder_;
    std::optional<FolderToken> since_;
    Plan plan_;
    std::unique_ptr<SelectCommand> select_;
    std::deque<std::unique_ptr<DataCommand>> data_;
    std::size_t unanswered_ = 0;
    UidSet in_window_, vanished_;
    MailboxStatus told_;         ///< as of the first pass
    std::string token_;          ///< the same
    Uid from_ = 1;               ///< lowest UID of interest
    Message message_;            ///< kept for its memory
    UidTally listed_, arrived_;  ///< in this pass; since the token
    std::vector<Message> held_;  ///< of a delta, not reported yet
    UidSet found_;               ///< the same
    std::uint64_t gone_ = 0;     ///< the same, just now
    unsigned lists_ = 0;         ///< of UIDs, the same
    bool open_ = false, begun_ = false, failed_ = false, another_pass_ = false, searched_ = false;
    bool extended_ = false;  ///< this pass searches in the way of RFC 4731
};

}  // namespace offlineimap::imap
