// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

#include <offlineimap/repository.hpp>

#include <string>

namespace offlineimap::imap {

/// SELECT or EXAMINE, and what the server says of the folder with it.
class SelectCommand final : public PlainCommand {
public:
    [[nodiscard]] Set<Data> wants() const noexcept override { return {Data::mailbox}; }
    void untagged(const StatusResponse& response) override;
    void completed(const StatusResponse& response) override;
    void flags(const FlagList& flags) override { flags_ = flags; }
    void exists(std::uint64_t count) override { status_.messages = count; }

    [[nodiscard]] bool ok() const noexcept { return done() && answer().ok(); }
    /// What the answers held; also of a refused command, then of no use.
    [[nodiscard]] const MailboxStatus& mailbox() const noexcept { return status_; }
    /// UIDVALIDITY in decimal; empty when the server has none.
    [[nodiscard]] std::string epoch() const;
    [[nodiscard]] FolderState state() const;
    [[nodiscard]] bool read_only() const noexcept { return read_only_; }

private:
    void forget();
    void read_code(const ResponseCode& code);

    MailboxStatus status_;
    FlagList flags_, permanent_;
    bool has_permanent_ = false, read_only_ = false;
};

/// What to say of a folder whose UIDVALIDITY is not the one that ids belong to; `what` was tried.
[[nodiscard]] Error
wrong_epoch(const std::string& what, const SelectCommand& folder, const std::string& expected);

/// `SELECT "name"`; EXAMINE where nothing is to be changed.
enum class Access : std::uint8_t { examine, select };
[[nodiscard]] CommandLine select_line(Context& context, Access access, std::string_view wire);

}  // namespace offlineimap::imap
