// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include "repo-maildir/folder_name.hpp"

namespace offlineimap::maildir {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class Folders : public MaildirTest {
protected:
    std::vector<std::string> listed()
    {
        std::vector<std::string> found;
        for (const FolderInfo& info : session->folders())
            found.push_back(info.name);
        std::sort(found.begin(), found.end());
        return found;
    }
    static void make(const fs::path& folder)
    {
        for (const char* below : {"cur", "new", "tmp"})
            fs::create_directories(folder / below);
    }
    static fs::perms mode(const fs::path& path) { return fs::status(path).permissions(); }
};

TEST_F(Folders, a_missing_root_is_not_found_and_not_made)
{
    try {
        (void)session->folders();
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::not_found);
        EXPECT_EQ(error.scope(), Scope::repository);
        EXPECT_THAT(error.what(), testing::HasSubstr(root.string()));
    }
    EXPECT_FALSE(fs::exists(root));
}

TEST_F(Folders, are_made_for_their_owner_alone)
{
    const FolderInfo info = session->create_folder({"INBOX"});
    EXPECT_EQ(info.name, "INBOX");
    EXPECT_EQ(info.epoch, "42");
    EXPECT_TRUE(info.uses.has(FolderUse::inbox));
    for (const char* below : {"", "INBOX", "INBOX/cur", "INBOX/new", "INBOX/tmp"})
        EXPECT_EQ(mode(root / below), fs::perms::owner_all) << below;
    EXPECT_EQ(session->create_folder({"INBOX"}).index, info.index);
}

TEST_F(Folders, of_one_level_are_all_that_is_seen_with_a_dot)
{
    make(root / "a.b");
    make(root / ".Sent");
    make(root / "a" / "nested");
    fs::create_directories(root / "half" / "cur");
    put(root / "file", "");
    EXPECT_THAT(listed(), ElementsAre(".Sent", "a.b"));
    for (const FolderInfo& info : session->folders())
        EXPECT_EQ(info.path, split(info.name, "."));
}

TEST_F(Folders, the_root_is_one_if_it_is_a_maildir)
{
    make(root);
    make(root / "x");
    EXPECT_THAT(listed(), ElementsAre("", "x"));
    open({{"sep", "/"}});
    EXPECT_THAT(listed(), ElementsAre("x"));
}

TEST_F(Folders, without_tmp_are_folders_still)
{
    fs::create_directories(root / "a" / "cur");
    fs::create_directories(root / "a" / "new");
    EXPECT_THAT(listed(), ElementsAre("a"));
    EXPECT_TRUE(append(session->folders()[0].index, {}, "text").good());
}

TEST_F(Folders, nest_with_a_slash)
{
    open({{"sep", "/"}});
    make(root / "a" / "b" / "c");
    make(root / "a");
    make(root / "a" / "cur" / "hidden");
    EXPECT_THAT(listed(), ElementsAre("a", "a/b/c"));
    EXPECT_THAT(session->create_folder({"a", "x"}).path, ElementsAre("a", "x"));
    EXPECT_THAT(listed(), ElementsAre("a", "a/b/c", "a/x"));
}

TEST_F(Folders, links_are_followed_but_not_in_circles)
{
    open({{"sep", "/"}});
    make(root / "a");
    make(place.path() / "elsewhere" / "b");
    fs::create_directory_symlink(place.path() / "elsewhere", root / "link");
    fs::create_directory_symlink(root, root / "a" / "up");
    fs::create_directory_symlink("self", root / "self");
    EXPECT_THAT(listed(), ElementsAre("a", "link/b"));
}

TEST_F(Folders, never_lead_out_of_the_root)
{
    create("a");
    const auto before = names(place.path());
    for (const char* separator : {".", "/"}) {
        open({{"sep", separator}});
        for (const FolderPath& path : std::vector<FolderPath> {
                 {".."},
                 {"..", "x"},
                 {"a", "..", "..", "x"},
                 {"../x"},
                 {"/tmp/x"},
                 {"a/../../x"}}) {
            EXPECT_THROW((void)session->create_folder(path), Error);
            EXPECT_THROW(session->delete_folder(path), Error);
        }
    }
    EXPECT_EQ(names(place.path()), before);
}

TEST_F(Folders, are_deleted_with_their_messages_and_nothing_else)
{
    open({{"sep", "/"}});
    const FolderIndex a = session->create_folder({"a"}).index;
    session->create_folder({"a", "b"});
    append(a, {}, "text");
    session->delete_folder({"a"});
    EXPECT_THAT(listed(), ElementsAre("a/b"));
    EXPECT_THROW(session->delete_folder({"none"}), Error);
    session->delete_folder({"a", "b"});
    EXPECT_THAT(listed(), IsEmpty());
}

TEST_F(Folders, are_marked_by_the_name_that_the_user_knows)
{
    open({});
    repository->use_visible_names([](const std::string& name) { return "Work/" + name; });
    const auto folder = create("Sub");
    Message message;
    message.id.value = "7";
    EXPECT_EQ(append(folder, message, "a: b\r\n\r\n").id.value, "7");
    const auto files = names(root / "Sub/new");
    ASSERT_EQ(files.size(), 1U);
    EXPECT_THAT(files[0], testing::HasSubstr(",U=7,FMD5=347b2eb3d6f05aff2547ee9274f447b8:2,"));
    EXPECT_THAT(ids(folder), testing::ElementsAre("7"));
}

TEST_F(Folders, keep_their_numbers)
{
    const FolderIndex b = create("b");
    const FolderIndex a = create("a");
    EXPECT_NE(a, b);
    const auto other = repository->connect(cancel);
    for (const FolderInfo& info : other->folders())
        EXPECT_EQ(info.index, info.name == "a" ? a : b);
}

TEST_F(Folders, that_are_unchanged_have_the_token_that_changes_ended_with)
{
    const FolderIndex folder = create("a");
    wait_for_the_next_tick();
    const std::string token = changes({folder, {}, {}, {}}).token;
    EXPECT_NE(token, "");
    EXPECT_EQ(session->folders()[0].token, token);
    const auto again = changes({folder, "42", token, {}});
    EXPECT_EQ(again.coverage, Coverage::delta);
    EXPECT_EQ(again.token, token);

    put(root / "a" / "new" / "x", "");
    EXPECT_NE(session->folders()[0].token, token);
    EXPECT_THAT(changes({folder, "42", token, {}}).changed, SizeIs(1));
}

TEST_F(Folders, that_changed_this_instant_have_no_token)
{
    const FolderIndex folder = create("a");
    put(root / "a" / "new" / "x", "");
    EXPECT_EQ(session->folders()[0].token, "");
    EXPECT_EQ(changes({folder, {}, {}, {}}).token, "");
}

TEST_F(Folders, unknown_numbers_are_not_found)
{
    const auto found = changes({77, {}, {}, {}});
    ASSERT_TRUE(found.failure);
    EXPECT_EQ(found.failure->code(), Errc::not_found);
}

TEST_F(Folders, cancelled_sessions_stop)
{
    create("a");
    cancel.request();
    try {
        (void)session->folders();
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::cancelled);
    }
}

TEST_F(Folders, settings_that_make_no_sense_are_refused)
{
    for (const auto& [name, value] : testkit::TestSettings::Values {{"sep", "a/b"}, {"sep", ""}})
        EXPECT_THROW(open({{name, value}}), Error);
    open({});
}

}  // namespace
}  // namespace offlineimap::maildir
