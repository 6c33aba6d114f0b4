// SPDX-License-Identifier: Apache-2.0
#include "status-plain/frames.hpp"

#include "fixture.hpp"

namespace offlineimap::status_plain::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr FrameKind kind {.name = "offlineimap test ", .version = "1"};

std::vector<std::string> frames(std::string_view bytes)
{
    std::vector<std::string> found;
    read_frames(
        bytes, kind, {.name = "test"}, "file", [&](auto frame) { found.emplace_back(frame); });
    return found;
}

std::string three()
{
    std::string bytes = kind.head();
    append_frame(bytes, 0, "first");
    append_frame(bytes, 1, "");
    append_frame(bytes, 2, std::string(300, 'x'));
    return bytes;
}

TEST(Frames, are_read_as_they_were_written)
{
    EXPECT_THAT(frames(three()), ElementsAre("first", "", std::string(300, 'x')));
    EXPECT_THAT(frames(""), IsEmpty());
    EXPECT_THAT(frames(kind.head()), IsEmpty());
}

TEST(Frames, a_part_of_a_write_is_passed_over)
{
    const std::string whole = three();
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_LT(frames(whole.substr(0, size)).size(), 3u) << size;
}

TEST(Frames, damage_before_a_whole_frame_is_corrupt)
{
    const std::string whole = three();
    for (std::size_t at = 0; at < whole.size() - 316; ++at) {
        std::string bytes = whole;
        bytes[at] ^= 4;
        EXPECT_EQ(error_of([&] { frames(bytes); }).code(), Errc::corrupt) << at;
    }
}

TEST(Frames, damage_of_the_last_one_is_a_write_that_did_not_end)
{
    const std::string whole = three();
    for (std::size_t at = whole.size() - 316; at < whole.size(); ++at) {
        std::string bytes = whole;
        bytes[at] ^= 4;
        EXPECT_THAT(frames(bytes), ElementsAre("first", "")) << at;
    }
}

}  // namespace
}  // namespace offlineimap::status_plain::test
