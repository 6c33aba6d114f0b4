// SPDX-License-Identifier: Apache-2.0
#include "core/host/event_bus.hpp"
#include "core/host/withheld.hpp"

#include "interfaces.hpp"

#include <gmock/gmock.h>
#include <thread>

namespace offlineimap::core {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Withheld, takes_a_secret_out_wherever_it_stands)
{
    Withheld withheld;
    withheld.add("hunter2");
    EXPECT_EQ(withheld.clean("NO hunter2hunter2 is wrong"), "NO (withheld)(withheld) is wrong");
    EXPECT_EQ(withheld.clean("nothing of it"), "nothing of it");
}

TEST(Withheld, knows_a_secret_in_its_encodings)
{
    Withheld withheld;
    withheld.add("pass\"word\\of\tmine");
    EXPECT_EQ(withheld.clean("LOGIN joe \"pass\\\"word\\\\of\tmine\""), "LOGIN joe \"(withheld)\"");
    EXPECT_EQ(withheld.clean("pass\"word\\of mine"), "(withheld)");
    // "\0joe\0" and then the password, as SASL PLAIN sends it; at each offset in a group of three.
    Withheld long_one;
    long_one.add("correct horse battery staple");
    EXPECT_THAT(
        long_one.clean("AGpvZQBjb3JyZWN0IGhvcnNlIGJhdHRlcnkgc3RhcGxl"),
        Not(HasSubstr("aG9yc2UgYmF0dGVy")));
    EXPECT_THAT(
        long_one.clean("AGpvZQBjb3JyZWN0IGhvcnNlIGJhdHRlcnkgc3RhcGxl"), HasSubstr("(withheld)"));
    EXPECT_THAT(
        long_one.clean("Y29ycmVjdCBob3JzZSBiYXR0ZXJ5IHN0YXBsZQ=="), HasSubstr("(withheld)"));
    EXPECT_THAT(
        long_one.clean("eGNvcnJlY3QgaG9yc2UgYmF0dGVyeSBzdGFwbGU="), HasSubstr("(withheld)"));
}

TEST(Withheld, hides_whole_words_of_base64_however_short_the_secret)
{
    Withheld withheld;
    withheld.add("secret");
    // "\0joe\0secret", "xsecret", "xysecret", "secret"
    for (const auto* word : {"AGpvZQBzZWNyZXQ=", "eHNlY3JldA==", "eHlzZWNyZXQ=", "c2VjcmV0"})
        EXPECT_THAT(
            withheld.clean(std::string("NO <") + word + "> is wrong"),
            testing::StartsWith("NO <(withheld)"))
            << word;
    EXPECT_EQ(withheld.clean("AUTHENTICATE and Processing"), "AUTHENTICATE and Processing");
}

TEST(Withheld, knows_a_secret_in_a_form)
{
    Withheld withheld;
    withheld.add("p+ss w/rd");
    EXPECT_EQ(withheld.clean("token=p%2Bss%20w%2Frd&x"), "token=(withheld)&x");
}

TEST(Withheld, leaves_texts_readable)
{
    Withheld withheld;
    withheld.add("");
    withheld.add("ab");
    EXPECT_EQ(withheld.clean("about the cab"), "about the cab");
}

TEST(Withheld, takes_the_longer_of_two_secrets)
{
    Withheld withheld;
    withheld.add("abc");
    withheld.add("abcdef");
    EXPECT_EQ(withheld.clean("abcdef"), "(withheld)");
}

TEST(EventBusSecrets, never_reach_an_interface_nor_the_failure_log)
{
    Story story;
    NoControl control;
    EventBus bus;
    auto recorder = std::make_unique<Recorder>(story);
    recorder->on_show = [&](const Event& event) {
        story.lines.emplace_back(event.folder);
        if (event.error != nullptr) story.lines.emplace_back(event.error->what());
        if (event.details == nullptr) return;
        story.lines.emplace_back(event.details->from.folder);
        story.lines.emplace_back(event.details->flag);
        story.lines.emplace_back(event.details->messages[0]);
    };
    bus.add(std::move(recorder));
    bus.start(control);
    bus.withhold("hunter2");
    const Error error(Errc::auth, "server answered NO hunter2");
    const std::string_view id = "17";
    EventDetails details;
    details.from.folder = details.flag = "hunter2";
    details.messages = std::span(&id, 1);
    Event event;
    event.kind = EventKind::failure;
    event.folder = event.text = "hunter2 is no password";
    event.error = &error;
    event.details = &details;
    bus.post(event);
    bus.log(Level::debug, "S: * hunter2");
    bus.close();
    EXPECT_THAT(
        story.lines,
        testing::ElementsAre(
            "(withheld) is no password", "server answered NO (withheld)", "(withheld)",
            "(withheld)", "17", "(withheld) is no password", "", "S: * (withheld)"));
    ASSERT_EQ(bus.failures().failures.size(), 1U);
    EXPECT_STREQ(bus.failures().failures[0].error.what(), "server answered NO (withheld)");
    EXPECT_EQ(bus.failures().failures[0].text, "(withheld) is no password");
}

TEST(WorkerNumbers, are_small_and_used_again)
{
    WorkerNumbers numbers;
    EXPECT_EQ(numbers.of_this_thread(""), 0U);
    EXPECT_EQ(numbers.of_this_thread("work"), 1U);
    EXPECT_EQ(numbers.of_this_thread("work"), 1U);
    std::thread([&] {
        EXPECT_EQ(numbers.of_this_thread("home"), 2U);
        EXPECT_EQ(numbers.release(), 2U);
        EXPECT_EQ(numbers.release(), 0U);
    }).join();
    std::thread([&] { EXPECT_EQ(numbers.of_this_thread("home"), 2U); }).join();
}

}  // namespace
}  // namespace offlineimap::core
