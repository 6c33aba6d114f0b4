// SPDX-License-Identifier: Apache-2.0
#include "core/plan_file/plan_file.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

namespace offlineimap::core {
namespace {

using sync::PlannedAction;
using sync::Side;
using testing::HasSubstr;
using Kind = PlannedAction::Kind;

PlanFile sample()
{
    PlannedAction copy {.kind = Kind::copy, .side = Side::left, .id = {"", "17"}};
    copy.marks.right = {"\\Seen", "$Label"};
    copy.size = 1234;
    PlannedAction move {.kind = Kind::move, .side = Side::right, .id = {"3", "3"}};
    move.to = "Archive";
    move.to_name = "Archive";
    move.arrived = ".odd\xff\x01name";
    PlannedAction removal {.kind = Kind::remove, .side = Side::right, .id = {"4", "4"}};
    removal.held_back = true;
    PlannedAction mark {.kind = Kind::mark, .side = {}, .id = {"5", "5"}};
    mark.marks = {{"+\\Seen"}, {"-x", "+y"}};
    sync::PlannedFolder folder {
        "INBOX",
        {"INBOX", "Inbox \"quoted\""},
        {"42", "1700000000"},
        {"a\nb", ""},
        {copy, move, removal, mark}};
    return {{{{"Home", {"Local", "Remote"}, {folder}}, "abc"}}};
}

std::string error_of(const std::string& text)
{
    try {
        static_cast<void>(plan_from_json(text, "p.json"));
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::config);
        return error.what();
    }
    return "no error";
}

std::string replaced(std::string text, const std::string& old, const std::string& with)
{
    const auto at = text.find(old);
    EXPECT_NE(at, text.npos) << old;
    return text.replace(at, old.size(), with);
}

class PlanFileOnDisk : public testing::Test {
protected:
    PlanFileOnDisk()
    {
        auto pattern = (std::filesystem::temp_directory_path() / "plan-file-XXXXXX").string();
        folder = ::mkdtemp(pattern.data());
    }
    ~PlanFileOnDisk() override { std::filesystem::remove_all(folder); }
    std::filesystem::path folder;
};

}  // namespace

TEST(PlanJson, comes_back_as_it_was)
{
    EXPECT_EQ(plan_from_json(to_json(sample()), "x"), sample());
    EXPECT_EQ(plan_from_json(to_json({}), "x"), PlanFile {});
}

TEST(PlanJson, names_what_is_done_and_where)
{
    const auto text = to_json(sample());
    for (const auto* words :
         {R"("format": "offlineimap plan")", R"("version": 1)", R"("account": "Home")",
          R"("do": "copy")", R"("on": "local")", R"("remote_id": "17")", R"("size": 1234)",
          R"("held_back": true)", R"("hex": "2e6f6464ff016e616d65")"})
        EXPECT_THAT(text, HasSubstr(words));
}

TEST(PlanJson, of_a_newer_version_is_refused)
{
    EXPECT_EQ(
        error_of(replaced(to_json(sample()), R"("version": 1)", R"("version": 2)")),
        "plan p.json: it is of version 2, this offlineimap knows version 1");
}

TEST(PlanJson, that_makes_no_sense_is_refused_with_the_place)
{
    const auto text = to_json(sample());
    EXPECT_THAT(error_of("{"), HasSubstr("plan p.json: it is no JSON"));
    EXPECT_THAT(error_of("[]"), HasSubstr("it is no plan of offlineimap"));
    EXPECT_THAT(error_of("{\"format\": \"mbox\"}"), HasSubstr("it is no plan of offlineimap"));
    EXPECT_EQ(
        error_of(replaced(text, R"("do": "copy")", R"("do": "sell")")),
        "plan p.json.accounts[0].folders[0].actions[0].do: an action \"sell\" is not known");
    EXPECT_THAT(
        error_of(replaced(text, R"("on": "local")", R"("on": "here")")),
        HasSubstr("actions[0].on: expected \"local\" or \"remote\""));
    EXPECT_THAT(
        error_of(replaced(text, R"("remote_id": "17")", R"("remote_id": 17)")),
        HasSubstr("actions[0].remote_id: expected a text"));
    EXPECT_THAT(
        error_of(replaced(text, R"("hex": "2e6f)", R"("hex": "2e6x)")),
        HasSubstr("expected hexadecimal digits"));
    EXPECT_THAT(
        error_of(replaced(text, R"("held_back": true)", R"("held_back": "no")")),
        HasSubstr("expected true or false"));
}

TEST(PlanJson, cut_off_anywhere_is_refused)
{
    const auto text = to_json(sample());
    for (std::size_t size = 0; size + 2 < text.size(); size += 5)
        EXPECT_NE(error_of(text.substr(0, size)), "no error") << size;
}

TEST(PlanJson, nested_without_end_is_refused)
{
    EXPECT_THAT(error_of(std::string(1'000'000, '[')), HasSubstr("no JSON"));
}

TEST_F(PlanFileOnDisk, is_for_its_owner_alone_and_replaced_as_a_whole)
{
    const auto file = folder / "plan.json";
    std::ofstream(file) << "something older";
    write_plan(file, sample());
    struct stat entry { };
    ASSERT_EQ(::stat(file.c_str(), &entry), 0);
    EXPECT_EQ(entry.st_mode & 0777, 0600U);
    EXPECT_EQ(read_plan(file), sample());
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1);
}

TEST_F(PlanFileOnDisk, that_cannot_be_written_or_read_is_named)
{
    EXPECT_THROW(write_plan(folder / "no/such/plan", sample()), Error);
    try {
        static_cast<void>(read_plan(folder / "missing"));
        FAIL();
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr((folder / "missing").string()));
    }
}

}  // namespace offlineimap::core
