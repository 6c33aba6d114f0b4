// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "repo-maildir/md5.hpp"
#include "repo-maildir/option_table.hpp"
#include "repo-maildir/repository.hpp"

#include "testkit/check.hpp"
#include "testkit/collect.hpp"
#include "testkit/test_cancel.hpp"
#include "testkit/test_host.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace offlineimap::maildir {

/// A Maildir repository on a directory of its own, with one session.
class MaildirTest : public testing::Test {
protected:
    MaildirTest() { open({}); }

    /// A repository anew, with these settings besides its place.
    void open(testkit::TestSettings::Values settings)
    {
        session.reset();
        repository.reset();
        settings.emplace("localfolders", root.string());
        settings.emplace("fsync", "no");  // what flushes is slow, and tested where it matters
        host = std::make_unique<testkit::TestHost>(
            component, place.path() / "state", std::move(settings));
        repository = std::make_unique<MaildirRepository>(*host);
        session = repository->connect(cancel);
    }

    FolderIndex create(const std::string& name) { return session->create_folder({name}).index; }

    static void put(const std::filesystem::path& file, const std::string& text)
    {
        std::ofstream(file, std::ios::binary) << text;
    }
    static std::string read(const std::filesystem::path& file)
    {
        std::ostringstream text;
        text << std::ifstream(file, std::ios::binary).rdbuf();
        return text.str();
    }
    /// Sorted.
    static std::vector<std::string> names(const std::filesystem::path& directory)
    {
        std::vector<std::string> found;
        for (const auto& entry : std::filesystem::directory_iterator(directory))
            found.push_back(entry.path().filename().string());
        std::sort(found.begin(), found.end());
        return found;
    }
    static std::string marked(int uid, const std::string& folder)
    {
        return ",U=" + std::to_string(uid) + ",FMD5=" + md5_hex(folder);
    }

    /// Until a listing can be sure that nothing happened during it.
    static void wait_for_the_next_tick()
    {
        std::this_thread::sleep_for(std::chrono::milliseconds(60));
    }

    testkit::FolderChanges changes(const ChangeRequest& request)
    {
        testkit::ChangeCollector sink;
        session->changes({&request, 1}, sink);
        EXPECT_THAT(sink.faults, testing::IsEmpty());
        return sink.of(request.folder);
    }
    std::vector<std::string> ids(FolderIndex folder)
    {
        std::vector<std::string> found;
        for (const auto& [id, message] : changes({folder, {}, {}, {}}).changed)
            found.push_back(id.value);
        return found;
    }
    testkit::FetchedText fetch(FolderIndex folder, const std::string& id, Part part = Part::whole)
    {
        testkit::TextCollector sink(1);
        const MessageRef ref {folder, {id}};
        session->fetch({&ref, 1}, part, sink);
        sink.close();
        EXPECT_THAT(sink.faults, testing::IsEmpty());
        return sink.texts[0];
    }
    testkit::Outcome append(
        FolderIndex folder, const Message& message, const std::string& text,
        std::size_t piece = 65536)
    {
        testkit::StoreCollector sink(1);
        const auto appender = session->append(sink);
        testkit::store(*appender, 0, folder, message, text, piece);
        appender->finish();
        return sink.outcomes[0];
    }
    testkit::Outcome update(const Update& change)
    {
        testkit::ResultCollector sink(1);
        session->update({&change, 1}, sink);
        return sink.outcomes[0];
    }
    testkit::Outcome remove(const MessageRef& message)
    {
        testkit::ResultCollector sink(1);
        session->remove({&message, 1}, sink);
        return sink.outcomes[0];
    }
    testkit::Outcome assign(const Assign& item)
    {
        testkit::ResultCollector sink(1);
        session->assign({&item, 1}, sink);
        return sink.outcomes[0];
    }
    testkit::Outcome move(const Move& item)
    {
        testkit::StoreCollector sink(1);
        session->move({&item, 1}, sink);
        return sink.outcomes[0];
    }

    static constexpr Component component =
        offlineimap::component<MaildirRepository>("maildir", "", option_table);
    testkit::TemporaryDirectory place;
    const std::filesystem::path root = place.path() / "mail";
    testkit::TestCancel cancel;
    std::unique_ptr<testkit::TestHost> host;
    std::unique_ptr<MaildirRepository> repository;
    std::unique_ptr<Session> session;
};

}  // namespace offlineimap::maildir
