// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

// What docs/sync-algorithm.md says of tests is true.

namespace offlineimap::test {
namespace {

std::string document()
{
    std::ifstream file(OFFLINEIMAP_SOURCE_DIR "/docs/sync-algorithm.md");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// The suites of this program, and each test as Suite.name, without the names of instantiations.
std::set<std::string> names_of_tests()
{
    std::set<std::string> names;
    const auto& all = *testing::UnitTest::GetInstance();
    for (int i = 0; i < all.total_test_suite_count(); ++i) {
        const auto& suite = *all.GetTestSuite(i);
        const std::string full = suite.name();
        const auto base = full.substr(full.find('/') + 1);
        names.insert(base);
        for (int j = 0; j < suite.total_test_count(); ++j) {
            const std::string test = suite.GetTestInfo(j)->name();
            names.insert(base + "." + test.substr(0, test.find('/')));
        }
    }
    return names;
}

TEST(Document, names_tests_that_there_are)
{
    const std::string text = document();
    const auto table = text.substr(text.find("## What a crash leaves"));
    const auto names = names_of_tests();
    const std::regex last_cell(R"(\|([^|\n]*)\|\n)"), quoted("`([^`]+)`");
    int found = 0;
    for (std::sregex_iterator row(table.begin(), table.end(), last_cell), end; row != end; ++row) {
        const std::string cell = (*row)[1];
        for (std::sregex_iterator name(cell.begin(), cell.end(), quoted); name != end;
             ++name, ++found)
            if ((*name)[1] != "tests/sync") {
                EXPECT_TRUE(names.contains((*name)[1])) << (*name)[1];
            }
    }
    EXPECT_GT(found, 15);
}

}  // namespace
}  // namespace offlineimap::test
