// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"
#include "folder_table.hpp"
#include "session/login.hpp"

#include <offlineimap/repository.hpp>

#include <memory>
#include <mutex>

namespace offlineimap::imap {

/// An IMAP account. Folders map to mailboxes, ids to UIDs, epochs to UIDVALIDITY, change tokens to
/// HIGHESTMODSEQ.
///
/// What servers do to us: Exchange lists messages that cannot be fetched (fetch() isolates them);
/// Gmail has one message in several folders, and removing it from one takes away a label; Dovecot
/// hangs up after twenty bad commands in a row (so nothing much follows an unanswered EXAMINE) and
/// sends NUL bytes of a message as 0x80; servers without UIDPLUS cannot tell the id of an upload,
/// nor expunge some messages alone.
class ImapRepository : public Repository {
public:
    explicit ImapRepository(Host& host);

    std::unique_ptr<Session> connect(const Cancel& cancel) override;
    unsigned max_sessions() const noexcept override { return max_sessions_; }

private:
    void warn_if_in_the_clear(const Stream& stream);

    Host& host_;
    TokenKeeper tokens_;
    Account account_;
    Preferences preferences_;
    unsigned max_sessions_ = 1;
    FolderTable folders_;
    std::once_flag warned_;
};

}  // namespace offlineimap::imap
