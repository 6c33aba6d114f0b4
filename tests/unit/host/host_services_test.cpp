// SPDX-License-Identifier: Apache-2.0
#include "core/host/host_services.hpp"

#include "folder.hpp"
#include "interfaces.hpp"

#include <gmock/gmock.h>

#include <sys/stat.h>

namespace offlineimap::core {
namespace {

using testing::ElementsAre;

class NoSettings final : public Settings {
public:
    std::string text(std::string_view) const override { return {}; }
    std::int64_t number(std::string_view) const override { return 0; }
    bool flag(std::string_view) const override { return false; }
    std::vector<std::string> list(std::string_view) const override { return {}; }
    bool has(std::string_view) const noexcept override { return false; }
    std::string where(std::string_view) const override { return {}; }
};

class Services : public testing::Test {
protected:
    Services()
    {
        auto recorder = std::make_unique<Recorder>(story);
        recorder->on_show = [this](const Event& event) {
            places.push_back(std::string(event.account) + "/" + std::string(event.repository));
        };
        bus.add(std::move(recorder));
        bus.start(control);
    }

    NoSettings settings;
    NoControl control;
    Story story;
    std::vector<std::string> places;
    EventBus bus;
};

TEST_F(Services, says_whose_line_it_is)
{
    HostServices(settings, bus, {.account = "home", .repository = "remote"})
        .log(Level::info, "hello");
    HostServices(settings, bus, {.account = "home"}).log(Level::info, "hello");
    HostServices(settings, bus, {}).log(Level::info, "hello");
    bus.close();
    EXPECT_THAT(story.lines, ElementsAre("remote: hello", "home: hello", "hello"));
    EXPECT_THAT(places, ElementsAre("home/remote", "home/", "/"));
}

TEST_F(Services, passes_debug_lines_on_where_wanted)
{
    HostServices(settings, bus, {}).log(Level::debug, "unwanted");
    HostServices wanted(settings, bus, {.least_level = Level::debug});
    EXPECT_TRUE(wanted.logs(Level::debug));
    wanted.log(Level::debug, "wanted");
    bus.close();
    EXPECT_THAT(story.lines, ElementsAre("wanted"));
}

TEST_F(Services, gets_secrets_from_whoever_knows_them)
{
    HostServices host(
        settings, bus, {.secret = [](std::string_view option, std::string_view reason, bool fresh) {
            return std::string(option) + "," + std::string(reason) + (fresh ? ",fresh" : "");
        }});
    EXPECT_EQ(host.secret("remotepass", "log in", true), "remotepass,log in,fresh");
    EXPECT_THROW(HostServices(settings, bus, {}).secret("remotepass", "", false), Error);
}

TEST_F(Services, asks_for_confirmation)
{
    EXPECT_TRUE(HostServices(settings, bus, {}).confirm("sure", true));
    HostServices host(
        settings, bus, {.confirm = [](std::string_view, bool otherwise) { return !otherwise; }});
    EXPECT_FALSE(host.confirm("sure", true));
    bus.close();
    EXPECT_THAT(story.lines, ElementsAre("asked sure"));
}

TEST_F(Services, makes_the_state_directory_for_the_user_alone)
{
    const TemporaryFolder folder;
    const auto path = folder.path() / "metadata" / "Account-home";
    const HostServices host(settings, bus, {.state_dir = path});
    EXPECT_FALSE(std::filesystem::exists(path));
    EXPECT_EQ(host.state_dir(), path);
    for (const auto& made : {path, path.parent_path()}) {
        struct stat entry = {};
        ASSERT_EQ(::stat(made.c_str(), &entry), 0);
        EXPECT_EQ(entry.st_mode & 0777U, 0700U) << made;
    }
    EXPECT_EQ(host.state_dir(), path);
}

TEST_F(Services, says_which_directory_it_cannot_make)
{
    const TemporaryFolder folder;
    write_file(folder.path() / "file", "");
    const HostServices host(settings, bus, {.state_dir = folder.path() / "file" / "state"});
    try {
        std::ignore = host.state_dir();
        FAIL() << "a directory under a file";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::io);
        EXPECT_THAT(error.what(), testing::HasSubstr((folder.path() / "file").string()));
    }
}

}  // namespace
}  // namespace offlineimap::core
