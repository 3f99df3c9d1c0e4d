"""Against a running server (BEAGLE_URL): ``npm run test:python`` starts one. What is refused is played by a small server in this file."""

import json
import threading
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer

from beagle import Beagle, BeagleError, to_frame


class AgainstTheServer(unittest.TestCase):
    beagle = Beagle()

    def test_properties_have_units(self):
        units = {p["key"]: p["unit"] for p in self.beagle.properties()}
        self.assertEqual(units["BAND_GAP"], "eV")
        self.assertEqual(len(units), 47)

    def test_materials_are_paged_through_each_once(self):
        found = list(self.beagle.materials())
        self.assertGreater(len(found), 200)
        self.assertEqual(len({m["id"] for m in found}), len(found))
        self.assertEqual([m["id"] for m in self.beagle.materials(limit=120)], [m["id"] for m in found[:120]])

    def test_materials_with_predictions(self):
        for material in self.beagle.materials({"chemicalSystem": "Ga-*"}, properties=["BAND_GAP", "DENSITY"]):
            gap = material["predictions"]["BAND_GAP"]
            self.assertLessEqual(gap["interval"]["lower"], gap["value"])
            self.assertEqual(material["predictions"]["DENSITY"]["unit"], "g/cm^3")

    def test_predictions_in_order_with_what_is_wrong_at_its_place(self):
        formulas = [f"Fe{n}O{n + 1}" for n in range(1, 1400)]
        formulas[700] = "Xx2O3"
        rows = list(self.beagle.predict(iter(formulas), ["BAND_GAP"]))
        self.assertEqual([row["input"] for row in rows], formulas)
        self.assertEqual(rows[700]["position"], 0)
        self.assertIn('unknown element "Xx"', rows[700]["problem"])
        self.assertTrue(all("value" in row["predictions"]["BAND_GAP"] for row in rows if row["formula"]))
        self.assertGreater(self.beagle.last_cost["requested"], 0)

    def test_a_condition_that_is_wrong_says_so(self):
        row = next(self.beagle.predict(["Bi2Te3"], ["SEEBECK_COEFFICIENT"], conditions={"temperature": -5}))
        self.assertIn("temperature", row["predictions"]["SEEBECK_COEFFICIENT"]["problem"])

    def test_a_plain_question(self):
        answer = self.beagle.ask("What is the band gap of gallium arsenide in meV?")
        self.assertEqual((answer["composition"]["formula"], answer["property"]["key"], answer["unit"]), ("GaAs", "BAND_GAP", "meV"))
        self.assertIn("GaAs", answer["text"])
        self.assertFalse(self.beagle.ask("Who wrote Hamlet?")["understood"])

    def test_discover(self):
        candidates = list(self.beagle.discover({
            "space": {"enumerate": {"elements": ["Ga", "In", "N", "P", "As"], "elementCount": {"min": 2, "max": 3}, "maxAtoms": 4}},
            "objectives": [{"property": "BAND_GAP", "goal": "TARGET", "target": 1.4}]}, limit=5))
        self.assertEqual([c["rank"] for c in candidates], [1, 2, 3, 4, 5])

    def test_wrong_input_has_a_code_and_a_place(self):
        with self.assertRaises(BeagleError) as caught:
            list(self.beagle.discover({"space": {"formulas": ["GaAs"]}, "objectives": [{"property": "BAND_GAP", "goal": "TARGET"}]}))
        self.assertEqual(caught.exception.code, "BAD_USER_INPUT")
        self.assertIn("target", caught.exception.fields[0]["path"])

    def test_a_campaign_to_its_end(self):
        campaign = self.beagle.create_campaign({"name": "python", "discovery": {
            "space": {"enumerate": {"elements": ["Ga", "In", "N", "P"], "elementCount": {"min": 2, "max": 3}, "maxAtoms": 6}},
            "objectives": [{"property": "BAND_GAP", "goal": "MAXIMIZE"}]}})
        ended = self.beagle.wait(campaign["id"], every=0.5, timeout=120)
        self.assertEqual(ended["status"], "COMPLETED")
        best = list(self.beagle.results(campaign["id"], limit=3))
        self.assertEqual([c["rank"] for c in best], [1, 2, 3])

    def test_an_unknown_campaign(self):
        with self.assertRaises(BeagleError):
            list(self.beagle.results("not-a-campaign"))

    def test_frames(self):
        try:
            import pandas  # noqa: F401
        except ImportError:
            self.skipTest("pandas is not installed")
        frame = to_frame(self.beagle.predict(["GaAs", "InP"], ["BAND_GAP"]))
        self.assertEqual(list(frame["formula"]), ["GaAs", "InP"])
        self.assertTrue((frame["BAND_GAP.lower"] <= frame["BAND_GAP"]).all())
        self.assertIn("density", to_frame(self.beagle.materials(limit=3)).columns)


class Refusals(unittest.TestCase):
    """What is tried again, and what is not."""

    def ask(self, answers, **options):
        seen = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                seen.append(self.rfile.read(int(self.headers["content-length"])))
                status, headers, body = answers[min(len(seen), len(answers)) - 1]
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def log_message(self, *_):
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return Beagle(f"http://127.0.0.1:{server.server_port}", **options), seen

    @staticmethod
    def refusal(status, code, **headers):
        return status, headers, {"errors": [{"message": code, "extensions": {"code": code}}]}

    def test_429_waits_as_retry_after_says(self):
        beagle, seen = self.ask([self.refusal(429, "RATE_LIMITED", **{"retry-after": "0"}), (200, {}, {"data": {"properties": []}})])
        self.assertEqual(beagle.properties(), [])
        self.assertEqual(len(seen), 2)

    def test_more_patience_than_allowed(self):
        beagle, seen = self.ask([self.refusal(429, "RATE_LIMITED", **{"retry-after": "3600"})])
        with self.assertRaises(BeagleError) as caught:
            beagle.properties()
        self.assertEqual((caught.exception.retry_after, len(seen)), (3600, 1))

    def test_a_wrong_key_is_not_tried_again(self):
        beagle, seen = self.ask([self.refusal(401, "UNAUTHENTICATED")], api_key="wrong")
        with self.assertRaises(BeagleError):
            beagle.properties()
        self.assertEqual(len(seen), 1)

    def test_a_mutation_without_an_answer_is_not_sent_twice(self):
        beagle, seen = self.ask([(502, {}, "no JSON object")], retries=2)
        beagle._once = lambda body: (_ for _ in ()).throw(BeagleError("lost", "UNREACHABLE")) if not seen.append(body) else None
        with self.assertRaises(BeagleError):
            beagle.create_campaign({"name": "x"})
        self.assertEqual(len(seen), 1)


if __name__ == "__main__":
    unittest.main()
