// SPDX-License-Identifier: Apache-2.0
#include "core/config/folder_renames.hpp"
#include "core/config/rename_pieces.hpp"

#include <gmock/gmock.h>

using namespace offlineimap::core;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

FolderRenames renames(Mappings steps)
{
    return {steps, "place"};
}

/// Each name goes to the other and comes back.
void expect_pairs(
    const Mappings& steps, const std::vector<std::pair<std::string, std::string>>& pairs)
{
    const auto rules = renames(steps);
    for (const auto& [here, there] : pairs) {
        EXPECT_EQ(rules.renamed(here), there) << here;
        const auto origins = rules.origins(there);
        ASSERT_FALSE(origins.empty()) << there;
        EXPECT_EQ(origins.front(), here) << there;
    }
}

}  // namespace

TEST(FolderRenames, names_take_each_other_s_place)
{
    expect_pairs(
        {{{"[Gmail]/Sent Mail", "Sent"}, {"a\\b.c", "1+1"}}},
        {{"[Gmail]/Sent Mail", "Sent"}, {"a\\b.c", "1+1"}, {"x", "x"}, {"INBOX", "INBOX"}});
    EXPECT_EQ(renames({{{"a.c", "x"}}}).renamed("abc"), "abc");
}

TEST(FolderRenames, wildcards_carry_their_text_along)
{
    expect_pairs(
        {{{"INBOX.*", "*"}}},
        {{"INBOX.a.b", "a.b"}, {"INBOX", "INBOX"}, {"INBOX.gr\xc3\xb6\xff", "gr\xc3\xb6\xff"}});
    expect_pairs({{{"Lists/*/??", "*-**"}}}, {{"Lists/a/xy", "a-xy"}});
    expect_pairs({{{"*", "Mail/*"}}}, {{"a", "Mail/a"}});
    EXPECT_THAT(renames({{{"*", "Mail/*"}}}).origins("other"), IsEmpty());
}

TEST(FolderRenames, groups_of_a_regular_expression_may_change_places)
{
    expect_pairs(
        {{{R"(/^Archive\.(\d{4})\.(.*)$/)", R"(\2/\1)"}}},
        {{"Archive.2024.Work", "Work/2024"}, {"Other", "Other"}});
}

TEST(FolderRenames, an_expression_replaces_each_match_and_leaves_the_rest)
{
    expect_pairs({{{R"(/\./)", "/"}}}, {{"a.b.c", "a/b/c"}});
    expect_pairs({{{R"(/^INBOX\./)", ""}}}, {{"INBOX.a", "a"}, {"INBOX", "INBOX"}});
    expect_pairs({{{"/-old$/", "/Old"}}}, {{"a-old", "a/Old"}, {"b", "b"}});
    expect_pairs({{{"/^/", "Mail."}}}, {{"a", "Mail.a"}});
}

TEST(FolderRenames, steps_follow_one_another_and_go_back_in_turn)
{
    expect_pairs(
        {{{R"(/^INBOX\./)", ""}}, {{R"(/\./)", "/"}}, {{"Sent/Items", "Sent"}}},
        {{"INBOX.a.b", "a/b"}, {"INBOX.Sent.Items", "Sent"}, {"INBOX", "INBOX"}});
}

TEST(FolderRenames, in_a_step_the_first_that_fits_decides)
{
    const auto rules = renames({{{"a*", "1"}, {"ab", "2"}}});
    EXPECT_EQ(rules.renamed("ab"), "1");
    EXPECT_EQ(rules.renamed("b"), "b");
}

TEST(FolderRenames, every_origin_really_becomes_the_name)
{
    const auto rules = renames({{{"x/*", "*"}, {"Sent", "Gesendet"}}});
    EXPECT_THAT(rules.origins("Sent"), ElementsAre("x/Sent"));
    EXPECT_THAT(rules.origins("Gesendet"), ElementsAre("x/Gesendet", "Sent", "Gesendet"));
    EXPECT_THAT(rules.origins("x/a"), ElementsAre("x/x/a"));
    EXPECT_THAT(rules.origins("INBOX"), ElementsAre("INBOX", "x/INBOX"));
}

TEST(FolderRenames, what_drops_something_is_known)
{
    EXPECT_THAT(
        renames({{{"a*", "b"}, {"/(a)(b)/", "\\1"}, {"/^[ab]/", "c"}, {"/^(.)$/", "\\1\\1"}},
                 {{"/a|b/", "c"}, {"/x+/", "y"}, {"/(.)/", "\\1-"}}})
            .one_way(),
        ElementsAre("a*", "/(a)(b)/", "/^[ab]/", "/^(.)$/", "/a|b/", "/x+/", "/(.)/"));
    EXPECT_THAT(
        renames({{{"a*b?", "*/*"}, {R"(/^(\w+)-(?P<n>[()]*)$/)", R"(\2\1)"}}}).one_way(),
        IsEmpty());
}

TEST(FolderRenames, two_rules_for_one_name_are_known)
{
    EXPECT_THAT(
        renames({{{"a", "x"}, {"b", "x"}, {"c", "y"}, {"d*", "y"}}}).ambiguous(), ElementsAre("x"));
}

TEST(FolderRenames, hostile_rules_end)
{
    Mappings steps;
    for (int i = 0; i < 40; ++i)
        steps.push_back({{"x*", "*"}, {"y*", "*"}, {"*z", "*"}});
    EXPECT_LE(renames(steps).origins("a").size(), 100);
}
