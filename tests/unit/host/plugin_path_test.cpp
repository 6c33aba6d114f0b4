// SPDX-License-Identifier: Apache-2.0
#include "core/host/plugin_path.hpp"

#include <offlineimap/error.hpp>

#include <gmock/gmock.h>

#include <cstdlib>
#include <tuple>

namespace offlineimap::core {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAreArray;

class PluginPath : public testing::Test {
protected:
    PluginPath()
    {
        ::setenv("HOME", "/home/somebody", 1);
        ::unsetenv("OFFLINEIMAP_PLUGIN_PATH");
    }
    static std::vector<fs::path> first(std::size_t count, std::vector<fs::path> configured)
    {
        auto all = plugin_search_path(configured);
        all.resize(count);
        return all;
    }
};

const fs::path own = "/home/somebody/.local/lib/offlineimap/plugins-1";

TEST_F(PluginPath, begins_with_the_environment_then_the_configuration)
{
    ::setenv("OFFLINEIMAP_PLUGIN_PATH", "/a::/b", 1);
    EXPECT_THAT(first(4, {"/c"}), ElementsAreArray(std::vector<fs::path> {"/a", "/b", "/c", own}));
}

TEST_F(PluginPath, ends_beside_the_program)
{
    const auto prefix = fs::read_symlink("/proc/self/exe").parent_path().parent_path();
    const auto all = plugin_search_path({});
    EXPECT_EQ(all.front(), own);
    EXPECT_THAT(all, testing::Contains(prefix / "lib/offlineimap/plugins-1"));
    EXPECT_THAT(all, testing::Contains(prefix / "lib64/offlineimap/plugins-1"));
}

TEST_F(PluginPath, finds_the_home_directory_without_the_environment)
{
    ::unsetenv("HOME");
    EXPECT_TRUE(plugin_search_path({}).front().is_absolute());
}

TEST_F(PluginPath, refuses_relative_directories)
{
    const std::vector<fs::path> relative = {"plugins"};
    EXPECT_THROW(std::ignore = plugin_search_path(relative), Error);
    ::setenv("OFFLINEIMAP_PLUGIN_PATH", "/a:.", 1);
    EXPECT_THROW(std::ignore = plugin_search_path({}), Error);
}

}  // namespace
}  // namespace offlineimap::core
