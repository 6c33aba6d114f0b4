// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <condition_variable>
#include <mutex>
#include <set>

namespace offlineimap::maildir {
namespace {

/// Gathers what a watch reports, and lets a test wait for it.
class Reports final : public WatchSink {
public:
    void touched(const FolderPath& path) override
    {
        const std::lock_guard lock(mutex_);
        paths_.insert(path);
        changed_.notify_all();
    }
    bool wait_for(const FolderPath& path)
    {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(
            lock, std::chrono::seconds(20), [&] { return paths_.contains(path); });
    }
    std::set<FolderPath> take()
    {
        const std::lock_guard lock(mutex_);
        return std::exchange(paths_, {});
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::set<FolderPath> paths_;
};

class WatchTest : public MaildirTest {
protected:
    /// A watch on a thread of its own, stopped at the end.
    class Running {
    public:
        Running(WatchTest& test, std::vector<FolderPath> folders)
            : session_(test.repository->connect(test.cancel))
            , thread_([this, folders] { session_->watch(folders, reports, stop_); })
        {
        }
        ~Running()
        {
            stop_.request();
            thread_.join();
        }
        Reports reports;

    private:
        testkit::TestCancel stop_;
        std::unique_ptr<Session> session_;
        std::thread thread_;
    };

    /// A folder of which everything was told.
    FolderIndex told_folder(const std::string& name)
    {
        const auto folder = create(name);
        wait_for_the_next_tick();
        session->folders();
        return folder;
    }
    void make_folder(const std::string& name)
    {
        for (const char* below : {"tmp", "new", "cur"})
            std::filesystem::create_directories(root / name / below);
    }
    void deliver(const std::string& folder, const std::string& file)
    {
        put(root / folder / "tmp" / file, "a\n");
        std::filesystem::rename(root / folder / "tmp" / file, root / folder / "new" / file);
    }
};

TEST_F(WatchTest, tells_of_a_message_that_is_delivered)
{
    told_folder("a");
    told_folder("b");
    Running watch(*this, {});
    deliver("b", "1");
    EXPECT_TRUE(watch.reports.wait_for({"b"}));
    EXPECT_THAT(watch.reports.take(), testing::ElementsAre(FolderPath {"b"}));
}

TEST_F(WatchTest, tells_of_a_flag_and_of_a_removal)
{
    told_folder("a");
    deliver("a", "1");
    wait_for_the_next_tick();
    session->folders();
    Running watch(*this, {});
    std::filesystem::rename(root / "a/new/1", root / "a/cur/1:2,S");
    EXPECT_TRUE(watch.reports.wait_for({"a"}));
    watch.reports.take();
    std::filesystem::remove(root / "a/cur/1:2,S");
    EXPECT_TRUE(watch.reports.wait_for({"a"}));
}

TEST_F(WatchTest, tells_what_happened_between_the_listing_and_the_watch)
{
    told_folder("a");
    told_folder("b");
    deliver("a", "1");
    Running watch(*this, {});
    EXPECT_TRUE(watch.reports.wait_for({"a"}));
    EXPECT_THAT(watch.reports.take(), testing::ElementsAre(FolderPath {"a"}));
}

TEST_F(WatchTest, tells_of_a_new_folder)
{
    told_folder("a");
    Running watch(*this, {});
    make_folder("c");
    EXPECT_TRUE(watch.reports.wait_for({}));
}

TEST_F(WatchTest, tells_of_a_new_folder_below_another)
{
    open({{"sep", "/"}});
    told_folder("a");
    Running watch(*this, {});
    make_folder("a/deeper");
    EXPECT_TRUE(watch.reports.wait_for({}));
}

TEST_F(WatchTest, tells_when_a_folder_that_was_being_made_is_complete)
{
    told_folder("a");
    std::filesystem::create_directories(root / "c" / "tmp");
    Running watch(*this, {});
    make_folder("c");
    EXPECT_TRUE(watch.reports.wait_for({}));
}

TEST_F(WatchTest, leaves_out_folders_that_nobody_asked_for)
{
    told_folder("a");
    told_folder("b");
    Running watch(*this, {{"b"}});
    deliver("a", "1");
    deliver("b", "2");
    EXPECT_TRUE(watch.reports.wait_for({"b"}));
    EXPECT_THAT(watch.reports.take(), testing::ElementsAre(FolderPath {"b"}));
}

TEST_F(WatchTest, passes_over_files_that_are_no_mail)
{
    told_folder("a");
    Running watch(*this, {});
    put(root / "dovecot-uidlist.lock", "x");
    put(root / "a" / "dovecot.index.log", "x");
    deliver("a", "1");
    EXPECT_TRUE(watch.reports.wait_for({"a"}));
    EXPECT_THAT(watch.reports.take(), testing::ElementsAre(FolderPath {"a"}));
}

TEST_F(WatchTest, ends_when_the_session_is_cancelled)
{
    told_folder("a");
    Reports reports;
    testkit::TestCancel stop;
    std::thread canceller([this] { cancel.request(); });
    EXPECT_THROW(session->watch({}, reports, stop), Error);
    canceller.join();
}

}  // namespace
}  // namespace offlineimap::maildir
