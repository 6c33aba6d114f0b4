// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../unit/repo-imap/session_kit.hpp"
#include "dovecot.hpp"
#include "session/login.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace offlineimap::imap::test {

/// A session with a Dovecot that announces less than it can.
class Bench {
public:
    /// Names in UTF-8, and STATUS believed: what most of the tests look at.
    explicit Bench(const std::string& hidden = {}) : dovecot(hidden)
    {
        preferences.name_style = NameStyle::utf8;
        preferences.status_answers = StatusAnswers::trusted;
        reconnect();
    }

    void reconnect()
    {
        session.reset();
        session = connect();
    }
    [[nodiscard]] std::unique_ptr<ImapSession> connect()
    {
        Account account;
        account.endpoint.host = "dovecot";
        account.endpoint.security = Security::none;
        account.endpoint.tunnel = dovecot.command();
        account.endpoint.preauthenticated = true;
        return std::make_unique<ImapSession>(
            sign_in(count_turns(dovecot.connect(), turns), account, host), table, preferences);
    }
    FolderInfo folder(const std::string& name)
    {
        const auto all = session->folders();
        const auto at = std::find_if(
            all.begin(), all.end(), [&name](const FolderInfo& f) { return f.name == name; });
        if (at == all.end()) throw std::runtime_error("no folder " + name);
        return *at;
    }
    SeenFolder
    changes(FolderIndex folder, const std::string& epoch = {}, const std::string& token = {})
    {
        ChangeRequest request;
        request.folder = folder;
        request.epoch = epoch;
        request.token = token;
        SeenChanges seen;
        session->changes(std::span(&request, 1), seen);
        return seen.folders[folder];
    }
    /// Appends messages with the given texts; returns their ids.
    std::vector<std::string> append(FolderIndex folder, const std::vector<std::string>& texts)
    {
        SeenStores stores;
        {
            const auto appender = session->append(stores);
            for (std::size_t i = 0; i < texts.size(); ++i) {
                appender->begin(i, folder, {}, texts[i].size());
                appender->write(std::as_bytes(std::span(texts[i])));
                appender->end();
            }
            appender->finish();
        }
        if (!stores.failures.empty()) throw stores.failures.begin()->second;
        std::vector<std::string> ids;
        for (const auto& [index, id] : stores.ids)
            ids.push_back(id);
        return ids;
    }
    std::map<MessageId, std::string> messages(FolderIndex folder)
    {
        return changes(folder).changed;
    }

    Dovecot dovecot;
    KitHost host;
    FolderTable table;
    Preferences preferences;
    Turns turns;
    std::unique_ptr<ImapSession> session;
};

inline MessageRef ref(FolderIndex folder, const std::string& id)
{
    return {folder, {id}};
}

}  // namespace offlineimap::imap::test
