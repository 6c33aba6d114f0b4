// SPDX-License-Identifier: Apache-2.0
#include "server_kit.hpp"

namespace offlineimap::imap::test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class FolderTest : public ::testing::TestWithParam<std::string> { };

INSTANTIATE_TEST_SUITE_P(
    Without, FolderTest,
    ::testing::Values(
        "", "LIST-STATUS", "LIST-STATUS LIST-EXTENDED SPECIAL-USE",
        "LIST-STATUS LIST-EXTENDED CONDSTORE QRESYNC ENABLE ID"));

TEST_P(FolderTest, lists_with_tokens)
{
    Bench bench(GetParam());
    const auto created = bench.session->create_folder({"Entwürfe", "a & b"});
    EXPECT_EQ(created.name, "Entwürfe/a & b");
    EXPECT_EQ(created.path, (FolderPath {"Entwürfe", "a & b"}));
    const auto inbox = bench.folder("INBOX");
    EXPECT_TRUE(inbox.uses.has(FolderUse::inbox));
    EXPECT_FALSE(inbox.epoch.empty());
    EXPECT_EQ(inbox.next_id, "1");
    EXPECT_EQ(inbox.quick_token, inbox.epoch + ":1:0");
    const bool has_modseq = GetParam().find("CONDSTORE") == std::string::npos;
    EXPECT_EQ(inbox.token, has_modseq ? inbox.epoch + ":1:1:0" : "");
    EXPECT_EQ(bench.folder("Entwürfe/a & b").index, created.index);
}

TEST_P(FolderTest, creates_deletes_and_renames)
{
    Bench bench(GetParam());
    bench.session->create_folder({"a", "b"});
    const auto again = bench.session->create_folder({"a", "b"});
    EXPECT_EQ(again.name, "a/b");
    bench.session->rename_folder({"a", "b"}, {"c"});
    EXPECT_EQ(bench.folder("c").path, FolderPath {"c"});
    bench.session->delete_folder({"c"});
    EXPECT_THROW(bench.folder("c"), std::runtime_error);
    try {
        bench.session->delete_folder({"c"});
        FAIL() << "deleted twice";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::not_found);
    }
    EXPECT_THAT(bench.session->folders(), ::testing::Not(::testing::IsEmpty()));
}

TEST_P(FolderTest, knows_what_folders_are_for)
{
    Bench bench(GetParam());
    bench.session->create_folder({"Sent"});
    // A plain LIST shows the use, too.
    EXPECT_TRUE(bench.folder("Sent").uses.has(FolderUse::sent));
}

TEST(Folders, keep_their_names_in_utf7_unless_asked)
{
    Bench bench;
    bench.session->create_folder({"Entwürfe"});
    bench.preferences.name_style = NameStyle::wire;
    EXPECT_EQ(bench.folder("Entw&APw-rfe").path, FolderPath {"Entw&APw-rfe"});
    EXPECT_THROW(bench.session->create_folder({"Ä"}), Error);
}

TEST(Folders, have_no_token_where_status_is_not_trusted)
{
    Bench bench;
    bench.preferences.status_answers = StatusAnswers {};
    EXPECT_EQ(bench.folder("INBOX").token, "");
    EXPECT_NE(bench.folder("INBOX").quick_token, "");
}

TEST(Folders, take_one_turn)
{
    Bench bench;
    for (int i = 0; i < 20; ++i)
        bench.session->create_folder({"f" + std::to_string(i)});
    bench.reconnect();
    bench.turns.count = 0;
    EXPECT_THAT(bench.session->folders(), SizeIs(21));
    EXPECT_EQ(bench.turns.count, 1U);
}

TEST(Folders, tell_how_much_is_in_them_in_one_turn)
{
    Bench bench;
    std::vector<FolderIndex> folders {bench.folder("INBOX").index};
    for (const auto* name : {"a", "Entwürfe"})
        folders.push_back(bench.session->create_folder({name}).index);
    bench.append(folders[0], {"Subject: a\r\n\r\n1234567\r\n", "Subject: b\r\n\r\n"});
    bench.append(folders[2], {"Subject: c\r\n\r\n"});
    auto* const facet = static_cast<FolderSizes*>(bench.session->facet(FolderSizes::facet_name));
    ASSERT_NE(facet, nullptr);
    bench.turns.count = 0;
    EXPECT_THAT(facet->sizes(folders), ElementsAre(37U, 0U, 14U));
    EXPECT_EQ(bench.turns.count, 1U);
    const std::vector lost {bench.session->create_folder({"gone"}).index, folders[2]};
    bench.session->delete_folder({"gone"});
    EXPECT_THAT(facet->sizes(lost), ElementsAre(std::nullopt, 14U));
}

TEST(Folders, do_not_tell_how_much_is_in_them_where_the_server_cannot)
{
    Bench bench("STATUS=SIZE");
    EXPECT_EQ(bench.session->facet(FolderSizes::facet_name), nullptr);
}

TEST(Folders, refuse_names_the_server_cannot_have)
{
    Bench bench;
    for (const auto& path : {FolderPath {"a/b"}, FolderPath {""}, FolderPath {"\xff"}}) {
        try {
            bench.session->create_folder(path);
            ADD_FAILURE() << "created";
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), Errc::rejected);
            EXPECT_EQ(error.scope(), Scope::folder);
        }
    }
    EXPECT_THAT(bench.session->folders(), SizeIs(1));
}

}  // namespace offlineimap::imap::test
