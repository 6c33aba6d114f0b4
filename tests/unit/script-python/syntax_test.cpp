// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <nlohmann/json.hpp>

using nlohmann::json;
using testing::HasSubstr;

class Syntax : public ScriptPython {
protected:
    json tree(const std::string& source)
    {
        auto* reader = static_cast<offlineimap::SyntaxReader*>(
            script().facet(offlineimap::SyntaxReader::facet_name));
        return json::parse(reader->syntax_tree(source, "rc:7: [Repository r] option"));
    }
};

TEST_F(Syntax, is_the_tree_of_the_expression)
{
    const auto lambda = tree("lambda f: f in ['a', 'b' 'c']");
    EXPECT_EQ(lambda["node"], "Lambda");
    EXPECT_EQ(lambda["args"]["args"][0]["arg"], "f");
    const auto& body = lambda["body"];
    EXPECT_EQ(body["node"], "Compare");
    EXPECT_EQ(body["ops"], json({"In"}));
    EXPECT_EQ(body["left"]["id"], "f");
    EXPECT_EQ(body["comparators"][0]["elts"][1]["value"], "bc");
}

TEST_F(Syntax, has_what_the_pythonfile_says_put_in)
{
    write("FOLDERS = ['a']\nTWICE = 1\nTWICE = 2\n"
          "def wanted(name):\n    '''Says which.'''\n    if name in FOLDERS:\n"
          "        return True\n    return name.startswith('x')\n"
          "import os\nos.abort()\n");
    const auto body = tree("lambda f: wanted(f)")["body"];
    EXPECT_EQ(body["node"], "IfExp");
    EXPECT_EQ(body["test"]["left"]["id"], "f");
    EXPECT_EQ(body["test"]["comparators"][0]["elts"][0]["value"], "a");
    EXPECT_EQ(tree("wanted")["node"], "Lambda");
    EXPECT_EQ(tree("TWICE")["node"], "Name");
    EXPECT_EQ(tree("lambda FOLDERS: FOLDERS")["body"]["node"], "Name");
}

TEST_F(Syntax, a_function_that_calls_itself_is_left_alone_in_the_end)
{
    write("def f(x):\n    return f(x)\n");
    EXPECT_EQ(tree("f")["node"], "Lambda");
}

TEST_F(Syntax, errors_are_those_of_the_language)
{
    EXPECT_THAT(
        error_of([&] { tree("lambda f:"); }),
        HasSubstr("rc:7: [Repository r] option: SyntaxError: "));
}
