// SPDX-License-Identifier: Apache-2.0
#include "two_sides.hpp"

#include "core/sync/uid_map.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

namespace offlineimap::sync {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct UidMapFile : testing::Test {
    void put(const std::string& text)
    {
        std::filesystem::create_directories(directory.path / "UIDMapping");
        std::ofstream(file) << text;
    }
    std::string text() const
    {
        std::ostringstream out;
        out << std::ifstream(file).rdbuf();
        return out.str();
    }
    std::string error_of(const std::string& content)
    {
        put(content);
        try {
            static_cast<void>(map.load("a/b"));
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), Errc::corrupt);
            return error.what();
        }
        return "no error";
    }

    test::TemporaryDirectory directory;
    const std::filesystem::path file = directory.path / "UIDMapping/a.b";
    const UidMap map {directory.path};
};

TEST_F(UidMapFile, has_a_line_for_each_pair_of_ids)
{
    map.save("a/b", {{{"9"}, {"2"}}, {{"10"}, {"1"}}, {{"11"}, {".new"}}});
    EXPECT_EQ(text(), "2:9\n1:10\n");
    EXPECT_THAT(
        map.load("a/b"),
        ElementsAre(
            std::pair(MessageId {"9"}, MessageId {"2"}),
            std::pair(MessageId {"10"}, MessageId {"1"})));
    EXPECT_TRUE(std::filesystem::exists(file.string() + ".lock"));
}

TEST_F(UidMapFile, that_is_not_there_is_empty_and_stays_away_while_it_would_be)
{
    EXPECT_TRUE(map.load("a/b").empty());
    map.save("a/b", {});
    EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(UidMapFile, is_written_only_where_it_says_something_else)
{
    put("2:9\n");
    const auto before = map.stamp("a/b");
    map.save("a/b", {{{"9"}, {"2"}}});
    EXPECT_EQ(map.stamp("a/b"), before);
    map.save("a/b", {});
    EXPECT_NE(map.stamp("a/b"), before);
    EXPECT_EQ(text(), "");
}

TEST_F(UidMapFile, with_a_line_that_means_nothing_is_refused)
{
    EXPECT_THAT(error_of("1:2\n3\n"), HasSubstr("line 2 is not LOCALUID:REMOTEUID"));
    for (const auto* line :
         {"", "1:", ":1", "a:1", "1:-2", "0:1", "1:2:3", "1: 2", "1:99999999999999999999"})
        EXPECT_THAT(error_of(std::string("1:2\n") + line + "\n"), HasSubstr("line 2")) << line;
}

}  // namespace
}  // namespace offlineimap::sync
