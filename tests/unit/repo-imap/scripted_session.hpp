// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fake_server.hpp"
#include "session/login.hpp"
#include "session_kit.hpp"

#include <gmock/gmock.h>

namespace offlineimap::imap::test {

/// A session with a server that says what the test wrote down; two folders, UIDVALIDITY 9.
class ScriptedSession : public ::testing::Test {
protected:
    void open(const std::string& capabilities, const std::string& base = "IMAP4rev1")
    {
        server.says("* PREAUTH [CAPABILITY " + base + ' ' + capabilities + "] hi\r\n");
        server.loopback = true;
        Account account;
        account.endpoint.host = "server";
        account.endpoint.security = Security::none;
        session = std::make_unique<ImapSession>(
            sign_in(server.stream(), account, host), table, preferences);
        inbox = table.add("INBOX", {"INBOX"});
        table.set_epoch(inbox, "9");
        other = table.add("b", {"b"});
        table.set_epoch(other, "9");
        for (const auto folder : {inbox, other})
            table.set_told(folder, {});  // by no server before
    }
    SeenFolder changes(const std::string& token = {}, const Window& window = {})
    {
        const ChangeRequest request {inbox, "9", token, window};
        SeenChanges seen;
        session->changes(std::span(&request, 1), seen);
        return seen.folders[inbox];
    }
    /// Appends to INBOX, in one batch.
    SeenStores append(const std::vector<std::string>& texts, const Message& message = {})
    {
        SeenStores seen;
        const auto appender = session->append(seen);
        for (std::size_t i = 0; i < texts.size(); ++i) {
            appender->begin(i, inbox, message, texts[i].size());
            appender->write(std::as_bytes(std::span(texts[i])));
            appender->end();
        }
        appender->finish();
        return seen;
    }

    FakeServer server;
    KitHost host;
    FolderTable table;
    Preferences preferences;
    std::unique_ptr<ImapSession> session;
    FolderIndex inbox = 0, other = 0;
};

inline constexpr auto examined = "* 2 EXISTS\r\n* OK [UIDVALIDITY 9]\r\n%T OK [READ-ONLY] x\r\n";
inline constexpr auto selected = "* 2 EXISTS\r\n* OK [UIDVALIDITY 9]\r\n* OK [UIDNEXT 7]\r\n"
                                 "* OK [PERMANENTFLAGS (\\Seen work)]\r\n%T OK [READ-WRITE] x\r\n";

}  // namespace offlineimap::imap::test
