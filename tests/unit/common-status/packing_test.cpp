// SPDX-License-Identifier: Apache-2.0
#include "common-status/packing.hpp"

#include "store_fixture.hpp"

namespace offlineimap::status {
namespace {

using test::make_record;

Record unpacked(std::string_view bytes, const Record& like)
{
    Record record;
    record.right = like.right;
    Unpacker unpacker(bytes);
    EXPECT_TRUE(unpacker.state(record));
    EXPECT_TRUE(unpacker.at_end());
    return record;
}

Record full()
{
    return {{"x"}, {"12"}, {Flag::seen, Flag::forwarded}, {"$Junk", ""}, {"a, b", "line\n"}};
}

TEST(Packing, keeps_every_part_of_a_record)
{
    for (const Record& record : {make_record("1"), make_record("2", {Flag::draft}), full()}) {
        std::string bytes;
        pack_state(bytes, record);
        EXPECT_EQ(unpacked(bytes, record), record);
    }
}

TEST(Packing, takes_a_byte_or_two_for_the_usual_record)
{
    std::string bytes;
    pack_state(bytes, make_record("4711", {Flag::seen, Flag::answered}));
    EXPECT_EQ(bytes.size(), 1u);
}

TEST(Packing, no_damage_is_taken_for_a_record)
{
    std::string bytes;
    pack_state(bytes, full());
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        Record record;
        EXPECT_FALSE(Unpacker(std::string_view(bytes).substr(0, size)).state(record)) << size;
    }
    const std::string huge = "\x02" + std::string(9, '\xff') + "\x01";
    Record record;
    EXPECT_FALSE(Unpacker(huge).state(record));
    EXPECT_FALSE(Unpacker(std::string(20, '\xff')).number().has_value());
}

TEST(Packing, numbers_of_all_sizes)
{
    for (const std::uint64_t number : {0ull, 1ull, 127ull, 128ull, 300ull, ~0ull}) {
        std::string bytes;
        pack(bytes, number);
        EXPECT_EQ(Unpacker(bytes).number(), number);
    }
}

}  // namespace
}  // namespace offlineimap::status
