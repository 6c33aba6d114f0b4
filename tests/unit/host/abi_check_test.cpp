// SPDX-License-Identifier: Apache-2.0
#include "core/host/abi_check.hpp"

#include <offlineimap/repository.hpp>
#include <offlineimap/script.hpp>
#include <offlineimap/status.hpp>
#include <offlineimap/ui.hpp>

#include <gmock/gmock.h>

namespace offlineimap::core {
namespace {

using testing::HasSubstr;

static_assert(sizeof(AbiStamp) == 32);

// A change of a structure that crosses makes plugins built before it wrong. So when one of these
// two fails: raise abi_major in plugin.hpp (from the first release on), then put the new value
// here. The numbers are those of 64-bit machines.

TEST(AbiCheck, the_stamp_has_not_changed_under_its_number)
{
    if (abi_stamp.pointer_bits != 64) GTEST_SKIP();
    EXPECT_EQ(abi_major, 1);
    EXPECT_EQ(abi_stamp.layout, 457356201U);
}

TEST(AbiCheck, what_is_not_in_the_stamp_has_not_changed_either)
{
    if (abi_stamp.pointer_bits != 64) GTEST_SKIP();
    constexpr auto layout = layout_hash<
        Option, Component, Plugin, Window, ChangeRequest, FolderState, Update, Move, Assign, Record,
        Note, Batch, Event, Question, Value>();
    EXPECT_EQ(layout, 1565241757U);
}

TEST(AbiCheck, equal_stamps_agree)
{
    EXPECT_EQ(abi_mismatch(abi_stamp, abi_stamp), "");
}

TEST(AbiCheck, an_older_minor_is_welcome)
{
    auto ours = abi_stamp;
    ours.minor = 7;
    EXPECT_EQ(abi_mismatch(ours, abi_stamp), "");
}

TEST(AbiCheck, another_compiler_is_welcome)
{
    auto theirs = abi_stamp;
    theirs.compiler = "another";
    EXPECT_EQ(abi_mismatch(abi_stamp, theirs), "");
}

TEST(AbiCheck, the_magic_comes_first)
{
    auto theirs = abi_stamp;
    theirs.magic[7] = '\r';
    theirs.major = 9;
    EXPECT_EQ(abi_mismatch(abi_stamp, theirs), "it is not an offlineimap plugin");
}

TEST(AbiCheck, an_older_major_with_a_higher_minor_is_to_be_rebuilt)
{
    auto theirs = abi_stamp;
    theirs.major = 0;
    theirs.minor = 9;
    EXPECT_THAT(abi_mismatch(abi_stamp, theirs), HasSubstr("rebuild the plugin"));
}

TEST(AbiCheck, a_plugin_without_debug_containers_is_refused_by_a_program_with_them)
{
    auto ours = abi_stamp;
    ours.debug_containers = 1;
    EXPECT_EQ(
        abi_mismatch(ours, abi_stamp),
        "it was built without _GLIBCXX_DEBUG, this offlineimap with it");
}

TEST(AbiCheck, other_pointers_are_another_layout)
{
    auto theirs = abi_stamp;
    theirs.pointer_bits = 32;
    EXPECT_THAT(abi_mismatch(abi_stamp, theirs), HasSubstr("its SDK headers differ"));
}

TEST(AbiCheck, an_unknown_library_is_named_so)
{
    auto theirs = abi_stamp;
    theirs.std_lib = StdLib::unknown;
    EXPECT_EQ(
        abi_mismatch(abi_stamp, theirs),
        "it uses an unknown C++ library, this offlineimap uses libstdc++");
}

}  // namespace
}  // namespace offlineimap::core
