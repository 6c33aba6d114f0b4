// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <atomic>
#include <thread>

TEST_F(ScriptPython, many_threads_evaluate_side_by_side)
{
    write("import time\ndef f(x):\n    time.sleep(0)\n    return re_sub(x)\n"
          "import re\ndef re_sub(x):\n    return re.sub('a', 'b', x)\n");
    const auto shared = compile("f");
    std::atomic<int> right = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i)
            threads.emplace_back([&] {
                for (int k = 0; k < 100; ++k) {
                    const auto own = compile("lambda x: f(x) + '!'");
                    const Value argument = text("a");
                    right += shared->evaluate({&argument, 1}) == text("b");
                    right += own->evaluate({&argument, 1}) == text("b!");
                }
            });
    }
    EXPECT_EQ(right, 1600);
}

/// Each waits for the other inside of Python: with one lock held all the time, for ever.
TEST_F(ScriptPython, an_expression_that_waits_holds_up_no_other)
{
    write("import threading\nbarrier = threading.Barrier(4, timeout=60)\n");
    script();  // by one thread: the fixture makes it when it is first asked for
    std::atomic<int> met = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&] {
                if (std::holds_alternative<std::int64_t>(value("barrier.wait()"))) ++met;
            });
    }
    EXPECT_EQ(met, 4);
}

TEST_F(ScriptPython, the_pythonfile_is_run_once_whoever_comes_first)
{
    write("import time\nstarted = []\ndef start():\n    started.append(1)\n    time.sleep(0.05)\n"
          "start()\n");
    script();
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i)
            threads.emplace_back([&] { EXPECT_EQ(value("len(started)"), number(1)); });
    }
}

TEST_F(ScriptPython, threads_of_the_user_s_functions_go_on)
{
    write("import threading\ndone = threading.Event()\n"
          "threading.Thread(target=done.set, daemon=True).start()\n");
    EXPECT_EQ(value("done.wait(60)"), Value(true));
}

TEST_F(ScriptPython, two_scripts_have_names_of_their_own)
{
    write("name = 'first'\n");
    const auto first = compile("name");
    EXPECT_EQ(first->evaluate({}), text("first"));
    TearDown();
    SetUp();
    EXPECT_THAT(error_of([&] { value("name"); }), testing::HasSubstr("NameError"));
    EXPECT_EQ(first->evaluate({}), text("first"));
}
